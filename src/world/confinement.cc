#include "world/confinement.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "world/files.h"

namespace pawl::world {
namespace {

constexpr uint64_t all_rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;  // of its first version
constexpr uint64_t given_rights = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
                                  LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                  LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                  LANDLOCK_ACCESS_FS_MAKE_REG;

Error landlock_error(std::string_view what) {
  const bool is_missing = errno == ENOSYS || errno == EOPNOTSUPP;
  return is_missing ? Error(ErrorCode::unsupported, "this kernel has no Landlock")
                    : errno_error(what, errno);
}

Result<void> give(const FileDescriptor& rules, const std::string& directory) {
  const auto opened = TRY(open_file(directory, O_PATH | O_DIRECTORY, "cannot open"));
  landlock_path_beneath_attr rule{};
  rule.allowed_access = given_rights;
  rule.parent_fd = opened.number();
  if (::syscall(SYS_landlock_add_rule, rules.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0) != 0)
    return landlock_error("cannot give rights to " + directory);
  return {};
}

}  // namespace

bool can_confine_files() {
  return ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
}

Result<void> confine_files_to(const std::vector<std::string>& directories) {
  landlock_ruleset_attr handled{};
  handled.handled_access_fs = all_rights;
  const FileDescriptor rules(static_cast<int>(
      ::syscall(SYS_landlock_create_ruleset, &handled, sizeof handled.handled_access_fs, 0)));
  if (!rules.is_open()) return landlock_error("cannot make rules for files");
  for (const std::string& directory : directories) TRY(give(rules, directory));
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
    return errno_error("cannot give up privileges", errno);
  if (::syscall(SYS_landlock_restrict_self, rules.number(), 0) != 0)
    return landlock_error("cannot confine this process");
  return {};
}

}  // namespace pawl::world
