#include "world/account.h"

#include <pwd.h>

#include <vector>

#include "base/text.h"

namespace pawl::world {

Result<Account> resolve_account(const std::string& name) {
  std::vector<char> storage(64 << 10);
  passwd entry{};
  passwd* found = nullptr;
  const int failure = ::getpwnam_r(name.c_str(), &entry, storage.data(), storage.size(), &found);
  if (failure != 0) return errno_error(concat("cannot look up account ", name), failure);
  if (!found) return Error(ErrorCode::not_found, concat("account ", name, " does not exist"));
  return Account{entry.pw_uid, entry.pw_gid, entry.pw_dir};
}

}  // namespace pawl::world
