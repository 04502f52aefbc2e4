#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "postgres/control_data.h"
#include "restore/instances/instance.h"
#include "restore/settings.h"

namespace pawl::restore {

// The files around a restored data directory: what it may not inherit from its source is removed or
// replaced (its settings, its own and from ALTER SYSTEM, its access rules, its archiving, its
// standby role), and ours are written. Of the source's settings only those are kept that change
// what data look like (time zone, date style, …).

// Makes data/, socket/ and log so that only the server's account can use them.
Result<void> prepare_folders(const Settings& settings, const Instance& instance);
// REQUIRES: the backup has been copied, and its server has never been started.
Result<void> write_configuration(const Settings& settings, const Instance& instance,
                                 const postgres::ControlData& control);
// Only the port, after move_port.
Result<void> write_port(const Settings& settings, const Instance& instance);

// Who may come in over TCP: nobody before the swap, everyone with a password afterwards. The socket
// directory, which only the server's account can enter, is the administrator's way in.
enum class Logins { closed, open };
Result<void> write_access_rules(const Settings& settings, const Instance& instance, Logins logins);

// The account that runs servers; empty where that is ours.
std::string server_account(const Settings& settings);
// Error: permission_denied where that account cannot reach the folder.
Result<void> check_reachable(const Settings& settings, const std::string& folder);

}  // namespace pawl::restore
