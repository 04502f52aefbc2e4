#include "postgres/server.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>

#include "base/text.h"
#include "world/files.h"

namespace pawl::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr milliseconds glance(10);
constexpr std::string_view include_line = "include_if_exists = 'pawl.conf'";

// A process that is watched for its end. A pidfd stays with its process, whatever becomes of the
// number.
class Watch {
 public:
  explicit Watch(pid_t pid) : process_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

  // True where the process has ended before the time had passed.
  bool has_ended_within(Duration duration) const {
    if (!process_.is_open()) return true;
    pollfd watched{process_.number(), POLLIN, 0};
    const auto wait_ms = std::chrono::ceil<milliseconds>(duration).count();
    return ::poll(&watched, 1, static_cast<int>(wait_ms)) > 0;
  }

 private:
  world::FileDescriptor process_;
};

struct PidFile {
  pid_t pid = 0;
  std::string status;  // "starting", "ready", "standby", "stopping"
};

// Line 1 is the process, line 8 how far it has come; a server that just starts has fewer lines.
std::optional<PidFile> read_pid_file(const std::string& data_directory) {
  const auto text = world::read_file(data_directory + "/postmaster.pid");
  if (!text) return std::nullopt;
  const auto lines = split(*text, '\n');
  const auto pid = parse_integer(trim(lines[0]));
  if (!pid || *pid <= 0) return std::nullopt;
  PidFile file{static_cast<pid_t>(*pid), {}};
  if (lines.size() > 7) file.status = trim(lines[7]);
  return file;
}

// A postmaster works in its data directory; a number that another process has been given since does
// not. A zombie has no working directory either.
bool works_in(pid_t pid, const std::string& data_directory) {
  char working[PATH_MAX], wanted[PATH_MAX];
  const auto length =
      ::readlink(concat("/proc/", pid, "/cwd").c_str(), working, sizeof working - 1);
  if (length < 0 || ::realpath(data_directory.c_str(), wanted) == nullptr) return false;
  return std::string_view(working, static_cast<size_t>(length)) == wanted;
}

bool has_any_process(const std::string& data_directory) {
  const auto names = world::list_directory("/proc");
  if (!names) return true;
  return std::any_of(names->begin(), names->end(), [&](const std::string& name) {
    const auto pid = parse_integer(name);
    return pid && works_in(static_cast<pid_t>(*pid), data_directory);
  });
}

// After a reboot the number in a lock file may be another server's, and PostgreSQL, which only asks
// whether there is such a process, would refuse to start for ever. What still works in the
// directory keeps the file, so that no second server ever runs beside the children of a killed one.
Result<void> remove_stale_pid_file(const std::string& data_directory) {
  const std::string path = data_directory + "/postmaster.pid";
  if (!world::exists(path) || has_any_process(data_directory)) return {};
  if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
  return errno_error(concat("cannot remove ", path), errno);
}

std::string quoted_setting(const std::string& value) {
  return concat("'", replace_all(replace_all(value, "\\", "\\\\"), "'", "''"), "'");
}

}  // namespace

std::string Server::program(std::string_view name) const {
  return concat(options_.binaries, "/", name);
}

Result<void> Server::initialise(const world::Cancellation& cancellation) {
  const world::Program initdb{
      .arguments = {program("initdb"), "-D", options_.data_directory, "-U", "postgres", "-A",
                    "trust", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums", "--no-sync"},
      .environment = {"LC_ALL=C"},
      .directory = "/",
      .input = {},
      .account = options_.account};
  const world::Exit exit = TRY(processes_.run(initdb, minutes(2), cancellation));
  if (exit.status == 0) return {};
  return Error(ErrorCode::failed,
               concat("initdb of ", options_.data_directory, " failed: ", trim(exit.errors)));
}

Result<void> Server::configure(const std::map<std::string, std::string>& settings) {
  std::string text = "# Written by Pawl; changes are lost.\n";
  for (const auto& [name, value] : settings) {
    text += concat(name, " = ", quoted_setting(value), "\n");
  }
  const std::string main = options_.data_directory + "/postgresql.conf";
  // Where a distribution keeps the configuration elsewhere, the data directory has none.
  std::string content = world::exists(main) ? TRY(world::read_file(main)) : "";
  TRY(world::write_file_atomically(options_.data_directory + "/pawl.conf", text, 0600));
  if (content.find(include_line) == content.npos) {
    if (!content.empty() && content.back() != '\n') content += '\n';
    TRY(world::write_file_atomically(main, concat(content, include_line, "\n"), 0600));
  }
  if (options_.account.empty() || ::geteuid() != 0) return {};
  const world::Account account = TRY(world::resolve_account(options_.account));
  for (const std::string& path : {main, options_.data_directory + "/pawl.conf"}) {
    if (::chown(path.c_str(), account.user, account.group) != 0) {
      return errno_error(concat("cannot give ", path, " to ", options_.account), errno);
    }
  }
  return {};
}

// PostgreSQL itself instead of pg_ctl, which looks only every 100 ms and hides the process.
Result<pid_t> Server::launch() {
  world::Program postgres;
  postgres.arguments = {program("postgres"), "-D", options_.data_directory};
  for (const auto& [name, value] : options_.settings) {
    postgres.arguments.push_back("-c");
    postgres.arguments.push_back(concat(name, "=", value));
  }
  postgres.directory = "/";
  postgres.account = ::geteuid() == 0 ? options_.account : "";
  return processes_.start_detached(postgres, options_.log_file);
}

Result<void> Server::start(Duration limit, const world::Cancellation& cancellation) {
  const auto running = postmaster();
  if (!running) TRY(remove_stale_pid_file(options_.data_directory));
  return wait_until_ready(running ? *running : TRY(launch()), limit, cancellation);
}

Result<void> Server::wait_until_ready(pid_t pid, Duration limit,
                                      const world::Cancellation& cancellation) {
  const Watch server(pid);
  const auto until = SteadyClock::now() + limit;
  for (;;) {
    const auto file = read_pid_file(options_.data_directory);
    if (file && file->pid == pid && (file->status == "ready" || file->status == "standby")) {
      return {};
    }
    if (server.has_ended_within(glance)) return ended_early();
    if (cancellation.is_requested()) {
      return Error(ErrorCode::cancelled, "waiting for PostgreSQL was cancelled");
    }
    if (SteadyClock::now() >= until) {
      return Error(ErrorCode::timed_out, concat("PostgreSQL in ", options_.data_directory,
                                                " is not ready: ", last_log_lines()));
    }
  }
}

Result<void> Server::wait_until_answers(const ConnectionOptions& connection, Duration limit,
                                        const world::Cancellation& cancellation) {
  const auto until = SteadyClock::now() + limit;
  for (;;) {
    const auto pid = postmaster();
    if (!pid) return ended_early();
    auto opened = Connection::open(connection, &cancellation);
    auto answer = opened ? opened->execute("SELECT 1", {}, {seconds(10), &cancellation})
                         : Result<Rows>(opened.error());
    if (answer) return {};
    const bool may_come = answer.error().code() == ErrorCode::unavailable;
    if (!may_come || SteadyClock::now() >= until) return std::move(answer).error();
    if (Watch(*pid).has_ended_within(glance)) return ended_early();
  }
}

Error Server::ended_early() const {
  const std::string log = last_log_lines();
  const auto says = [&](std::string_view words) { return log.find(words) != log.npos; };
  auto code = ErrorCode::unavailable;
  if (says("No space left on device")) code = ErrorCode::out_of_space;
  if (says("Permission denied")) code = ErrorCode::permission_denied;
  if (says("PANIC:  could not locate") || says("WAL ends before") ||
      says("invalid checkpoint record") || says("checksum")) {
    code = ErrorCode::corrupt;
  }
  return Error(code,
               concat("PostgreSQL in ", options_.data_directory, " ended; its log says: ", log));
}

Result<void> Server::stop(StopMode mode, Duration limit) {
  const auto pid = postmaster();
  if (!pid) return {};
  const Watch server(*pid);
  const int signal = mode == StopMode::smart ? SIGTERM : mode == StopMode::fast ? SIGINT : SIGQUIT;
  if (::kill(*pid, signal) != 0 && errno != ESRCH) {
    return errno_error(concat("cannot stop PostgreSQL in ", options_.data_directory), errno);
  }
  if (server.has_ended_within(limit)) return {};
  return Error(ErrorCode::timed_out, concat("PostgreSQL in ", options_.data_directory,
                                            " does not stop: ", last_log_lines()));
}

Result<void> Server::reload() {
  const auto pid = postmaster();
  if (!pid) {
    return Error(ErrorCode::unavailable,
                 concat("PostgreSQL in ", options_.data_directory, " does not run"));
  }
  if (::kill(*pid, SIGHUP) == 0) return {};
  return errno_error(concat("cannot reload PostgreSQL in ", options_.data_directory), errno);
}

std::optional<pid_t> Server::postmaster() const {
  const auto file = read_pid_file(options_.data_directory);
  if (!file || !works_in(file->pid, options_.data_directory)) return std::nullopt;
  return file->pid;
}

Result<ControlData> Server::control_data(const world::Cancellation& cancellation) const {
  const world::Program program_to_run{
      .arguments = {program("pg_controldata"), "-D", options_.data_directory},
      .environment = {"LC_ALL=C"},
      .directory = "/",
      .input = {},
      .account = {}};
  const world::Exit exit = TRY(processes_.run(program_to_run, seconds(30), cancellation));
  if (exit.status != 0) {
    return Error(ErrorCode::corrupt, concat("the control file of ", options_.data_directory,
                                            " cannot be read: ", trim(exit.errors)));
  }
  if (exit.output.find("WARNING: Calculated CRC checksum") != exit.output.npos) {
    return Error(ErrorCode::corrupt,
                 concat("the control file of ", options_.data_directory, " is damaged"));
  }
  return parse_control_data(exit.output);
}

std::string Server::last_log_lines() const {
  constexpr size_t bytes_shown = 1200;
  const auto log = world::read_file(options_.log_file);
  if (!log) return concat("(no log: ", log.error().message(), ")");
  const std::string_view text = trim(*log);
  const size_t begin = text.size() > bytes_shown ? text.size() - bytes_shown : 0;
  return replace_all(text.substr(begin), "\n", " | ");
}

}  // namespace pawl::postgres
