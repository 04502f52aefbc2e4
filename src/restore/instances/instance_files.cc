#include "restore/instances/instance_files.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "world/account.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

using ServerSettings = std::map<std::string, std::string>;

constexpr std::string_view kept_settings[] = {
    "timezone",           "datestyle",   "intervalstyle", "lc_monetary",
    "lc_numeric",         "lc_time",     "bytea_output",  "default_text_search_config",
    "extra_float_digits", "search_path", "xmloption",
};

constexpr std::string_view port_file = "/pawl_port.conf";

Result<void> give_to_server(const Settings& settings, const std::string& path, mode_t mode) {
  const std::string name = server_account(settings);
  if (!name.empty()) {
    const world::Account account = TRY(world::resolve_account(name));
    if (lchown(path.c_str(), account.user, account.group) != 0) {
      return errno_error(concat("cannot give ", path, " to ", name), errno);
    }
  }
  if (chmod(path.c_str(), mode) == 0) return {};
  return errno_error(concat("cannot change the mode of ", path), errno);
}

Result<void> write_for_server(const Settings& settings, const std::string& path,
                              std::string_view text) {
  TRY(world::write_file_atomically(path, text, 0600));
  return give_to_server(settings, path, 0600);
}

std::string quoted(std::string_view value) {
  return concat("'", replace_all(replace_all(value, "\\", "\\\\"), "'", "''"), "'");
}

// Lines "name = value" of a file of the source that are worth keeping, as they stand there.
void keep_settings(const std::string& path, std::map<std::string, std::string>& lines) {
  const auto text = world::read_file(path);
  if (!text) return;
  for (const std::string_view raw : split(*text, '\n')) {
    const std::string_view line = trim(raw);
    const std::string name = lower(line.substr(0, line.find_first_of(" =\t")));
    if (std::find(std::begin(kept_settings), std::end(kept_settings), name) !=
        std::end(kept_settings)) {
      lines[name] = line;
    }
  }
}

ServerSettings server_settings(const Settings& settings, const postgres::ControlData& control) {
  ServerSettings values = {
      // A restored server replays WAL once and then serves: few checkpoints on the way.
      {"max_wal_size", "4GB"},
      {"checkpoint_timeout", "30min"},
      // The copy has synced every file already.
      {"recovery_init_sync_method", "syncfs"},
      {"log_line_prefix", "%m [%p] %q%u@%d "},
  };
  for (const auto& [name, value] : settings.postgres_parameters) values[name] = value;
  for (const auto& [name, least] : control.least_settings) {
    const auto wanted = values.find(name);
    const auto number = wanted == values.end() ? std::nullopt : parse_integer(wanted->second);
    if (!number || *number < parse_integer(least).value_or(0)) values[name] = least;
  }
  const ServerSettings ours = {
      {"listen_addresses", "127.0.0.1"},
      // Below the data directory's parent: a relative path is never too long for a socket.
      {"unix_socket_directories", "../socket"},
      {"unix_socket_permissions", "0700"},
      {"logging_collector", "off"},
      {"log_destination", "stderr"},
      {"archive_mode", "off"},
      // It answers when it is whole, not as a standby on the way there.
      {"hot_standby", "off"},
      {"password_encryption", "scram-sha-256"},
  };
  for (const auto& [name, value] : ours) values[name] = value;
  return values;
}

}  // namespace

std::string server_account(const Settings& settings) {
  return geteuid() == 0 ? settings.postgres_account : "";
}

Result<void> check_reachable(const Settings& settings, const std::string& folder) {
  const std::string name = server_account(settings);
  if (name.empty()) return {};
  const world::Account account = TRY(world::resolve_account(name));
  for (size_t end = 1; end != std::string::npos;) {
    end = folder.find('/', end + 1);
    const std::string part = folder.substr(0, end);
    struct stat status {};
    if (stat(part.c_str(), &status) != 0) return errno_error(concat("cannot read ", part), errno);
    const mode_t bit = status.st_uid == account.user    ? S_IXUSR
                       : status.st_gid == account.group ? S_IXGRP
                                                        : S_IXOTH;
    if ((status.st_mode & bit) != 0) continue;
    return Error(ErrorCode::permission_denied,
                 concat("account ", name, ", which runs the servers, cannot enter ", part),
                 concat("Run chmod o+x ", part, ", or keep the region elsewhere."));
  }
  return {};
}

Result<void> prepare_folders(const Settings& settings, const Instance& instance) {
  TRY(check_reachable(settings, instance.directory));
  for (const std::string& folder : {instance.data(), instance.socket()}) {
    TRY(world::make_directories(folder, 0700));
    TRY(give_to_server(settings, folder, 0700));
  }
  if (!world::exists(instance.log())) {
    TRY(world::write_file_atomically(instance.log(), "", 0600));
    TRY(give_to_server(settings, instance.log(), 0600));
  }
  return {};
}

Result<void> write_configuration(const Settings& settings, const Instance& instance,
                                 const postgres::ControlData& control) {
  const std::string data = instance.data();
  std::map<std::string, std::string> kept;
  keep_settings(data + "/postgresql.conf", kept);
  keep_settings(data + "/postgresql.auto.conf", kept);
  for (const char* name :
       {"/postmaster.pid", "/postmaster.opts", "/standby.signal", "/recovery.signal"}) {
    if (unlink((data + name).c_str()) != 0 && errno != ENOENT) {
      return errno_error(concat("cannot remove ", data, name), errno);
    }
  }
  std::string text = "# Written by Pawl for this restored server.\n";
  for (const auto& [name, line] : kept) text += line + "\n";
  for (const auto& [name, value] : server_settings(settings, control)) {
    text += concat(name, " = ", quoted(value), "\n");
  }
  text += concat("include '", port_file.substr(1), "'\n");
  TRY(write_port(settings, instance));
  TRY(write_for_server(settings, data + "/postgresql.conf", text));
  TRY(write_for_server(settings, data + "/postgresql.auto.conf", ""));
  TRY(write_for_server(settings, data + "/pg_ident.conf", ""));
  TRY(write_access_rules(settings, instance, Logins::closed));
  return give_to_server(settings, data, 0700);
}

Result<void> write_port(const Settings& settings, const Instance& instance) {
  return write_for_server(settings, concat(instance.data(), port_file),
                          concat("port = ", instance.port, "\n"));
}

Result<void> write_access_rules(const Settings& settings, const Instance& instance, Logins logins) {
  return write_for_server(
      settings, instance.data() + "/pg_hba.conf",
      concat("# Written by Pawl. Only the server's account can enter the socket's directory.\n"
             "local all all trust\n"
             "host all all all ",
             logins == Logins::open ? "scram-sha-256" : "reject", "\n"));
}

}  // namespace pawl::restore
