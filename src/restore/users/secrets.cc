#include "restore/users/secrets.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/text.h"

namespace pawl::restore {
namespace {

Result<std::string> read_guarded(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return errno_error(concat("cannot open the secrets file ", path), errno);
  struct stat status {};
  std::string text;
  std::string complaint;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) {
    complaint = "is not a regular file";
  } else if ((status.st_mode & 077) != 0) {
    complaint = "can be used by others than its owner";
  } else if (status.st_uid != geteuid() && status.st_uid != 0) {
    complaint = "belongs to someone else";
  } else {
    char buffer[4096];
    ssize_t count = 0;
    while ((count = read(file, buffer, sizeof buffer)) > 0) text.append(buffer, count);
    if (count < 0) complaint = "cannot be read";
  }
  close(file);
  if (complaint.empty()) return text;
  return Error(ErrorCode::permission_denied, concat("the secrets file ", path, " ", complaint),
               concat("Run chmod 600 ", path, " as the account that runs pawl."));
}

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
  const std::string text = TRY(read_guarded(path));
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

}  // namespace pawl::restore
