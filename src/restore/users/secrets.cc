#include "restore/users/secrets.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/text.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Error malformed(const std::string& path, const toml::node& node, std::string_view what) {
  return Error(ErrorCode::invalid_argument,
               concat("the secrets file ", path, ", line ", node.source().begin.line, ": ", what));
}

Result<std::string> text_of(const std::string& path, const toml::table& table,
                            std::string_view name) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return std::string();
  if (!node->is_string()) return malformed(path, *node, concat(name, " is not a string"));
  return std::string(node->as_string()->get());
}

Result<Credentials> credentials_of(const std::string& path, const toml::table& table,
                                   std::string_view name) {
  const toml::node* node = table.get(name);
  if (node == nullptr) return Credentials();
  if (!node->is_table()) return malformed(path, *node, concat(name, " is not a table"));
  const toml::table& fields = *node->as_table();
  Credentials credentials{TRY(text_of(path, fields, "username")),
                          TRY(text_of(path, fields, "password"))};
  if (credentials.username.empty() || credentials.password.empty()) {
    return malformed(path, *node, concat(name, " needs a username and a password"));
  }
  return credentials;
}

Result<ClusterSecrets> cluster_of(const std::string& path, const toml::table& table) {
  for (const auto& [key, node] : table) {
    if (key != "app" && key != "readonly" && key != "source") {
      return malformed(path, node, concat("unknown key ", std::string_view(key.str())));
    }
  }
  ClusterSecrets secrets{TRY(credentials_of(path, table, "app")),
                         TRY(credentials_of(path, table, "readonly")), ""};
  if (const toml::table* source = table["source"].as_table()) {
    secrets.source_password = TRY(text_of(path, *source, "password"));
  }
  return secrets;
}

std::vector<std::string> tables_of_no_cluster(const Secrets& secrets, const Settings& settings) {
  std::vector<std::string> told;
  for (const auto& [name, unused] : secrets.clusters) {
    if (name == "default" || settings.clusters.contains(name)) continue;
    told.push_back(concat("the secrets file ", settings.secrets_file, " has a table \"", name,
                          "\", which is no cluster of the configuration"));
  }
  return told;
}

bool has_one_name_for_both(const Secrets& secrets, const std::string& cluster) {
  const ClusterSecrets own = secrets.of(cluster);
  return !own.app.username.empty() && own.app.username == own.readonly.username;
}

std::string one_name_for_both(const Settings& settings, const std::string& cluster) {
  return concat("the secrets file ", settings.secrets_file,
                " has one username for app and readonly of ", cluster, ": each needs its own");
}

}  // namespace

ClusterSecrets Secrets::of(std::string_view cluster) const {
  ClusterSecrets found;
  if (const auto own = clusters.find(cluster); own != clusters.end()) found = own->second;
  const auto fallback = clusters.find("default");
  if (fallback == clusters.end()) return found;
  if (found.app.username.empty()) found.app = fallback->second.app;
  if (found.readonly.username.empty()) found.readonly = fallback->second.readonly;
  if (found.source_password.empty()) found.source_password = fallback->second.source_password;
  return found;
}

Result<Secrets> read_secrets(const std::string& path) {
  const std::string text = TRY(world::read_private_file(path, "secrets file"));
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    // The parser's own description may quote the text.
    return Error(ErrorCode::invalid_argument,
                 concat("the secrets file ", path, ", line ", parsed.error().source().begin.line,
                        " is not TOML"));
  }
  Secrets secrets;
  for (const auto& [key, node] : parsed.table()) {
    const std::string name(key.str());
    if (name == "smtp_password") {
      secrets.smtp_password = TRY(text_of(path, parsed.table(), name));
    } else if (const toml::table* table = node.as_table()) {
      secrets.clusters[name] = TRY(cluster_of(path, *table));
    } else {
      return malformed(path, node, concat("unknown key ", name));
    }
  }
  return secrets;
}

std::vector<std::string> faults_of(const Secrets& secrets, const Settings& settings) {
  std::vector<std::string> faults = tables_of_no_cluster(secrets, settings);
  for (const auto& [name, unused] : settings.clusters) {
    if (has_one_name_for_both(secrets, name)) faults.push_back(one_name_for_both(settings, name));
  }
  return faults;
}

std::optional<std::string> fault_for(const Secrets& secrets, const Settings& settings,
                                     const std::string& cluster) {
  if (has_one_name_for_both(secrets, cluster)) return one_name_for_both(settings, cluster);
  const ClusterSecrets own = secrets.of(cluster);
  const bool has_users = !own.app.username.empty() || !own.readonly.username.empty();
  const auto strange = tables_of_no_cluster(secrets, settings);
  if (has_users || strange.empty()) return std::nullopt;
  return concat("there are no users for ", cluster, ": ", strange[0]);
}

}  // namespace pawl::restore
