#include "world/spawn.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>

#include <cerrno>
#include <csignal>
#include <string>
#include <vector>

#include "base/text.h"
#include "world/account.h"
#include "world/files.h"

namespace pawl::world {
namespace {

using Words = std::vector<std::string>;

std::vector<char*> pointers_to(Words& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

// The command line, behind setpriv(1) where it runs as someone else: posix_spawn cannot change the
// user, and a fork could.
Result<Words> command_of(const Program& program) {
  CHECK(!program.arguments.empty());
  if (program.account.empty()) return program.arguments;
  const Account account = TRY(resolve_account(program.account));
  if (::geteuid() == account.user) return program.arguments;
  Words words = {"/usr/bin/setpriv", concat("--reuid=", account.user),
                 concat("--regid=", account.group), "--init-groups", "--"};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  return words;
}

// Ours, with the program's own variables in place of those of the same name.
Words environment_of(const Program& program) {
  Words words = program.environment;
  if (!program.inherits_environment) return words;
  for (char** ours = environ; *ours; ++ours) {
    const std::string_view word = *ours;
    const std::string_view name = word.substr(0, word.find('=') + 1);
    bool is_replaced = false;
    for (const std::string& own : program.environment) is_replaced |= own.starts_with(name);
    if (!is_replaced) words.emplace_back(word);
  }
  return words;
}

class Actions {
 public:
  Actions(const Program& program, const Streams& streams) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_adddup2(&actions_, streams.input.number(), STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, streams.output.number(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions_, streams.errors.number(), STDERR_FILENO);
    // Close-on-exec is set on all that we open; this is for what a library has forgotten.
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    if (!program.directory.empty())
      posix_spawn_file_actions_addchdir_np(&actions_, program.directory.c_str());
  }
  Actions(const Actions&) = delete;
  ~Actions() { posix_spawn_file_actions_destroy(&actions_); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

class Attributes {
 public:
  explicit Attributes(Leads leads) {
    posix_spawnattr_init(&attributes_);
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    const int flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
    posix_spawnattr_setflags(
        &attributes_,
        flags | (leads == Leads::session ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP));
  }
  Attributes(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_;
};

}  // namespace

Result<FileDescriptor> input_of(const Program& program) {
  if (program.input.empty()) return open_file("/dev/null", O_RDONLY, "cannot open");
  FileDescriptor memory(::memfd_create("input", MFD_CLOEXEC));
  if (!memory.is_open()) return errno_error("cannot make a file in memory", errno);
  TRY(write_all(memory, program.input, "a file in memory"));
  if (::lseek(memory.number(), 0, SEEK_SET) != 0)
    return errno_error("cannot rewind a file in memory", errno);
  return memory;
}

Result<pid_t> spawn(const Program& program, const Streams& streams, Leads leads) {
  Words command = TRY(command_of(program));
  Words environment = environment_of(program);
  const Actions actions(program, streams);
  const Attributes attributes(leads);
  pid_t pid = 0;
  const int failure = ::posix_spawnp(&pid, command[0].c_str(), actions.get(), attributes.get(),
                                     pointers_to(command).data(), pointers_to(environment).data());
  if (failure == 0) return pid;
  if (!program.directory.empty() && !is_directory(program.directory))
    return errno_error(concat("cannot start ", program.arguments[0], " in ", program.directory),
                       failure);
  return errno_error(concat("cannot start ", program.arguments[0]), failure);
}

}  // namespace pawl::world
