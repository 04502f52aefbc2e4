#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "restore/settings.h"

namespace pawl::restore {

struct Credentials {
  std::string username, password;
};

// What the secrets file says of one cluster. An empty name means that the file has no such user.
struct ClusterSecrets {
  Credentials app, readonly;
  std::string source_password;
};

// The secrets file of docs/configuration.md. Held only as long as it is needed; nothing of it is
// ever put into an error, a log line or a state.
struct Secrets {
  std::string smtp_password;
  std::map<std::string, ClusterSecrets, std::less<>> clusters;  // "default" among them

  // The cluster's own table, with what it leaves out taken from [default].
  ClusterSecrets of(std::string_view cluster) const;
};

// Errors: permission_denied where anyone but us may read the file, or it is not ours;
// invalid_argument names the line, never its text; not_found.
Result<Secrets> read_secrets(const std::string& path);

// What is wrong with them beside the settings: tables that are of no cluster, one name for both
// users of a cluster. A sentence each.
std::vector<std::string> faults_of(const Secrets& secrets, const Settings& settings);
// The one that a restore of the cluster would suffer from. A table of no cluster may be another
// server's; it is a fault where the cluster has no users, as with a misspelt "default".
std::optional<std::string> fault_for(const Secrets& secrets, const Settings& settings,
                                     const std::string& cluster);

}  // namespace pawl::restore
