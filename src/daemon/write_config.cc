#include "base/text.h"
#include "daemon/config.h"
#include "json/write.h"

namespace pawl::daemon {
namespace {

// Lines of TOML. A text is quoted as JSON quotes it, which TOML reads the same way.
class Lines {
 public:
  void table(const std::string& name) { out_ += concat("\n[", name, "]\n"); }
  void text(std::string_view key, const std::string& value) {
    if (!value.empty()) out_ += concat(key, " = ", quoted(value), "\n");
  }
  void number(std::string_view key, uint64_t value) { out_ += concat(key, " = ", value, "\n"); }
  void length(std::string_view key, Duration value) {
    const auto whole = std::chrono::duration_cast<milliseconds>(value).count();
    out_ += whole % 1000 == 0 ? concat(key, " = \"", whole / 1000, "s\"\n")
                              : concat(key, " = \"", whole, "ms\"\n");
  }
  void raw(std::string_view key, const std::string& value) {
    out_ += concat(key, " = ", value, "\n");
  }
  static std::string quoted(const std::string& text) { return json::write(json::Value(text)); }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

std::string key_of(const std::string& name) { return Lines::quoted(name); }

void write_cluster(Lines& lines, const restore::Cluster& cluster) {
  lines.table("clusters." + key_of(cluster.name));
  lines.text("region", cluster.region);
  lines.text("host", cluster.host);
  lines.number("port", cluster.port);
  lines.text("user", cluster.user);
  lines.text("database", cluster.database);
  lines.text("data_directory", cluster.data_directory);
  std::vector<std::string> ports;
  for (const auto& [region, port] : cluster.endpoint_ports) {
    ports.push_back(concat(key_of(region), " = ", port));
  }
  if (!ports.empty()) lines.raw("endpoint_ports", concat("{ ", join(ports, ", "), " }"));
}

void write_notification(Lines& lines, const restore::Notification& notification) {
  lines.table("notification");
  lines.text("file", notification.file);
  lines.text("http", notification.http_url);
  if (notification.smtp_server.empty()) return;
  std::vector<std::string> to;
  for (const std::string& address : notification.smtp_to) to.push_back(Lines::quoted(address));
  lines.raw("smtp",
            concat("{ server = ", Lines::quoted(notification.smtp_server),
                   ", from = ", Lines::quoted(notification.smtp_from), ", to = [", join(to, ", "),
                   "], username = ", Lines::quoted(notification.smtp_username),
                   ", require_tls = ", notification.requires_tls() ? "true" : "false", " }"));
}

void write_postgres(Lines& lines, const restore::Settings& settings) {
  lines.table("postgres");
  lines.text("directory", settings.postgres_directory);
  lines.text("account", settings.postgres_account);
  std::vector<std::string> parameters;
  for (const auto& [name, value] : settings.postgres_parameters) {
    parameters.push_back(concat(key_of(name), " = ", Lines::quoted(value)));
  }
  if (!parameters.empty()) lines.raw("parameters", concat("{ ", join(parameters, ", "), " }"));
}

}  // namespace

std::string write_config(const Config& config) {
  const restore::Settings& settings = config.restore;
  Lines lines;
  lines.text("account", config.account);
  lines.text("region", config.region);
  lines.text("listen", config.listen());
  lines.text("data", config.data);
  if (!config.credentials_file.empty()) {
    lines.table("credentials");
    lines.text("file", config.credentials_file);
  }
  if (!config.integrations.endpoints.empty() || !config.objects.s3.url.empty()) {
    lines.table("endpoints");
    for (const auto& [service, url] : config.integrations.endpoints) lines.text(service, url);
    lines.text("s3", config.objects.s3.url);
  }
  for (const auto& [name, region] : settings.regions) {
    lines.table("regions." + key_of(name));
    lines.text("directory", region.directory);
    // Written out, the range that is built in would be in the way of other regions.
    const restore::Region built_in{};
    if (region.port_first != built_in.port_first || region.port_last != built_in.port_last) {
      lines.text("ports", concat(region.port_first, "-", region.port_last));
    }
    if (region.space_limit) lines.number("space_limit", *region.space_limit);
  }
  for (const auto& [name, cluster] : settings.clusters) write_cluster(lines, cluster);
  write_postgres(lines, settings);
  lines.table("restore");
  lines.number("copy_threads", static_cast<uint64_t>(settings.copy_threads));
  lines.length("grace", settings.grace);
  lines.length("connection_limit", settings.connection_limit);
  lines.text("secrets", settings.secrets_file);
  write_notification(lines, settings.notification);
  lines.table("objects");
  lines.text("directory", config.objects.directory);
  std::vector<std::string> buckets;
  for (const auto& [name, directory] : config.objects.directories)
    buckets.push_back(concat(key_of(name), " = ", Lines::quoted(directory)));
  if (!buckets.empty()) lines.raw("buckets", concat("{ ", join(buckets, ", "), " }"));
  lines.table("limits");
  lines.number("function_concurrency", static_cast<uint64_t>(config.functions.concurrency));
  lines.number("function_waiting", config.functions.waiting_max);
  lines.number("service_calls", static_cast<uint64_t>(config.integrations.calls_max));
  lines.number("open_executions", config.open_executions_max);
  lines.number("input", config.input_bytes_max);
  lines.raw("strict_aws", config.is_strict ? "true" : "false");
  return lines.take();
}

}  // namespace pawl::daemon
