#include "daemon/config.h"

#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "daemon/config_checks.h"
#include "execution/quotas.h"
#include "world/open_files.h"

namespace pawl::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

// A host may be a name or a socket directory; only what can be nothing but a path is made absolute.
std::string host_from_folder(const std::string& folder, const std::string& host) {
  return host.starts_with(".") ? from_folder(folder, host) : host;
}

void read_regions(const TomlNode& regions, const std::string& folder, Config& config,
                  Problems& problems) {
  for (const auto& [name, node] : regions.members) {
    if (node.kind != TomlNode::Kind::table) {
      problems.push_back({node.line, concat("regions.", name, " must be a table")});
      continue;
    }
    restore::Region region{.name = name, .directory = {}, .space_limit = {}};
    TableReader reader(node, "regions." + name, problems);
    reader.text("directory", region.directory);
    reader.port_range("ports", region.port_first, region.port_last);
    reader.bytes("space_limit", 1, region.space_limit);
    if (region.directory.empty()) reader.complain("directory", "is missing");
    region.directory = from_folder(folder, region.directory);
    config.restore.regions[name] = std::move(region);
  }
}

void read_endpoint_ports(const TomlNode& ports, const std::string& path, restore::Cluster& cluster,
                         Problems& problems) {
  TableReader reader(ports, path + ".endpoint_ports", problems);
  for (const auto& [region, node] : ports.members) {
    uint16_t port = 0;
    reader.integer(region, 1, 65535, port);
    if (port != 0) cluster.endpoint_ports[region] = port;
  }
}

void read_cluster(const TomlNode& node, const std::string& folder, restore::Cluster& cluster,
                  Problems& problems) {
  const std::string path = "clusters." + cluster.name;
  TableReader reader(node, path, problems);
  reader.text("region", cluster.region);
  reader.text("host", cluster.host);
  reader.integer("port", 1, 65535, cluster.port);
  reader.text("user", cluster.user);
  reader.text("database", cluster.database);
  reader.text("data_directory", cluster.data_directory);
  if (const TomlNode* ports = reader.table("endpoint_ports")) {
    read_endpoint_ports(*ports, path, cluster, problems);
  }
  if (cluster.region.empty()) reader.complain("region", "is missing");
  if (cluster.host.empty()) reader.complain("host", "is missing");
  cluster.host = host_from_folder(folder, cluster.host);
  cluster.data_directory = from_folder(folder, cluster.data_directory);
  if (const auto named = restore::check_cluster_name(cluster.name); !named) {
    problems.push_back({node.line, named.error().message()});
  }
}

void read_clusters(const TomlNode& clusters, const std::string& folder, Config& config,
                   Problems& problems) {
  for (const auto& [name, node] : clusters.members) {
    if (node.kind != TomlNode::Kind::table) {
      problems.push_back({node.line, concat("clusters.", name, " must be a table")});
      continue;
    }
    restore::Cluster cluster;
    cluster.name = name;
    read_cluster(node, folder, cluster, problems);
    config.restore.clusters[name] = std::move(cluster);
  }
}

void read_postgres(const TomlNode& node, const std::string& folder, restore::Settings& settings,
                   Problems& problems) {
  TableReader reader(node, "postgres", problems);
  reader.text("directory", settings.postgres_directory);
  reader.text("account", settings.postgres_account);
  reader.text_map("parameters", settings.postgres_parameters);
  settings.postgres_directory = from_folder(folder, settings.postgres_directory);
}

void read_restore(const TomlNode& node, const std::string& folder, restore::Settings& settings,
                  Problems& problems) {
  TableReader reader(node, "restore", problems);
  reader.integer("copy_threads", 1, 256, settings.copy_threads);
  reader.duration("grace", settings.grace);
  reader.duration("connection_limit", settings.connection_limit);
  reader.text("secrets", settings.secrets_file);
  settings.secrets_file = from_folder(folder, settings.secrets_file);
}

void read_notification(const TomlNode& node, const std::string& folder,
                       restore::Notification& notification, Problems& problems) {
  TableReader reader(node, "notification", problems);
  reader.text("file", notification.file);
  reader.text("http", notification.http_url);
  notification.file = from_folder(folder, notification.file);
  const TomlNode* mail = reader.table("smtp");
  if (mail == nullptr) return;
  TableReader smtp(*mail, "notification.smtp", problems);
  smtp.text("server", notification.smtp_server);
  smtp.text("from", notification.smtp_from);
  smtp.texts("to", notification.smtp_to);
  smtp.text("username", notification.smtp_username);
  smtp.boolean("require_tls", notification.smtp_requires_tls);
  if (notification.smtp_server.empty()) smtp.complain("server", "is missing");
  if (notification.smtp_from.empty()) smtp.complain("from", "is missing");
  if (notification.smtp_to.empty()) smtp.complain("to", "is missing");
}

void read_objects(const TomlNode& node, const std::string& folder, objects::Settings& settings,
                  Problems& problems) {
  TableReader reader(node, "objects", problems);
  reader.text("directory", settings.directory);
  reader.text_map("buckets", settings.directories);
  settings.directory = from_folder(folder, settings.directory);
  for (auto& [name, directory] : settings.directories) directory = from_folder(folder, directory);
}

void read_credentials(const TomlNode& node, const std::string& folder, Config& config,
                      Problems& problems) {
  TableReader reader(node, "credentials", problems);
  reader.text("file", config.credentials_file);
  if (config.credentials_file.empty()) reader.complain("file", "is missing");
  config.credentials_file = from_folder(folder, config.credentials_file);
}

// Where the services are that tasks call, one key each.
void read_endpoints(const TomlNode& node, Config& config, Problems& problems) {
  TableReader reader(node, "endpoints", problems);
  const auto read = [&](const std::string& service, std::string& into) {
    std::string url;
    reader.text(service, url);
    if (url.empty()) return;
    while (url.ends_with('/')) url.pop_back();
    if (url.starts_with("http://") || url.starts_with("https://")) {
      into = std::move(url);
    } else {
      reader.complain(service, "must be a URL such as \"http://127.0.0.1:4566\"");
    }
  };
  read("s3", config.objects.s3.url);
  for (const std::string& service : integrations::known_services()) {
    std::string url;
    read(service, url);
    if (!url.empty()) config.integrations.endpoints[service] = std::move(url);
  }
}

void read_limits(const TomlNode& node, Config& config, Problems& problems) {
  TableReader reader(node, "limits", problems);
  reader.integer("function_concurrency", 1, 100'000, config.functions.concurrency);
  reader.integer("function_waiting", 0, 100'000'000, config.functions.waiting_max);
  reader.integer("service_calls", 1, 10'000, config.integrations.calls_max);
  reader.integer("open_executions", 1, 1'000'000'000, config.open_executions_max);
  reader.integer("activity_polls", 0, 1'000'000, config.activity_polls_max);
  reader.bytes("input", 1024, config.input_bytes_max);
  reader.integer("connections", 10, 1'000'000, config.front_door.connections_max);
  reader.positive_duration("idle_time", config.front_door.idle_limit);
  reader.positive_duration("request_time", config.front_door.request_limit);
  reader.bytes("header", 4096, config.front_door.header_bytes_max);
  reader.bytes("body", 1024, config.front_door.body_bytes_max);
  reader.bytes("bodies", 1024, config.front_door.bodies_bytes_max);
  reader.bytes("answers", 1024, config.front_door.answers_bytes_max);
  reader.positive_duration("signature_age", config.signature_age_max);
  std::optional<bool> strict;
  reader.boolean("strict_aws", strict);
  config.is_strict = strict.value_or(false);
}

void read_functions(const TomlNode& node, functions::processes::Settings& settings,
                    Problems& problems) {
  TableReader reader(node, "functions", problems);
  reader.integer("concurrency", 1, 100'000, settings.concurrency);
  reader.positive_duration("idle_time", settings.idle_limit);
  reader.positive_duration("start_time", settings.initialisation_limit);
  reader.positive_duration("grace", settings.grace);
  reader.positive_duration("retry_delay", settings.retry_delay);
  reader.text("account", settings.surroundings.system_account);
}

void check_account(TableReader& reader, const std::string& account) {
  const bool has_digits = std::all_of(account.begin(), account.end(), [](char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
  });
  if (account.size() != 12 || !has_digits) reader.complain("account", "must be twelve digits");
}

void read_file(const TomlNode& root, const std::string& folder, Config& config,
               Problems& problems) {
  TableReader reader(root, "", problems);
  std::string listen;
  reader.text("account", config.account);
  reader.text("region", config.region);
  reader.text("listen", listen);
  reader.text("data", config.data);
  config.data = from_folder(folder, config.data);
  check_account(reader, config.account);
  if (config.region.empty()) reader.complain("region", "must not be empty");
  if (!listen.empty() && !parse_listen(listen, config)) {
    reader.complain("listen", "must be \"HOST:PORT\"");
  }
  if (const auto* node = reader.table("regions")) read_regions(*node, folder, config, problems);
  if (const auto* node = reader.table("clusters")) read_clusters(*node, folder, config, problems);
  if (const auto* node = reader.table("postgres")) {
    read_postgres(*node, folder, config.restore, problems);
  }
  if (const auto* node = reader.table("restore")) {
    read_restore(*node, folder, config.restore, problems);
  }
  if (const auto* node = reader.table("notification")) {
    read_notification(*node, folder, config.restore.notification, problems);
  }
  if (const auto* node = reader.table("objects")) {
    read_objects(*node, folder, config.objects, problems);
  }
  if (const auto* node = reader.table("credentials")) {
    read_credentials(*node, folder, config, problems);
  }
  if (const auto* node = reader.table("jobs")) read_jobs(*node, folder, config.jobs, problems);
  if (const auto* node = reader.table("slurm")) read_slurm(*node, folder, config.jobs, problems);
  if (const auto* node = reader.table("arrays")) read_arrays(*node, config.jobs, problems);
  if (const auto* node = reader.table("endpoints")) read_endpoints(*node, config, problems);
  if (const auto* node = reader.table("functions")) {
    read_functions(*node, config.processes, problems);
  }
  if (const auto* node = reader.table("limits")) read_limits(*node, config, problems);
}

void note_origins(const TomlNode& node, const std::string& path, const std::string& file,
                  Config& config) {
  for (const auto& [name, member] : node.members) {
    const std::string full = path.empty() ? name : concat(path, ".", name);
    config.origins[full] = concat(file, ":", member.line);
    note_origins(member, full, file, config);
  }
}

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::string first_of(const std::string& flag, const char* variable) {
  return flag.empty() ? environment(variable) : flag;
}

// What a flag says, or else a variable.
struct GivenElsewhere {
  std::string key, flag;
  const char* variable;
};

std::string default_data_directory() {
  if (geteuid() == 0) return "/var/lib/pawl";
  if (const auto state = environment("XDG_STATE_HOME"); !state.empty()) return state + "/pawl";
  return environment("HOME") + "/.local/state/pawl";
}

// Half of the files that this process may have open are left to the work itself.
void fill_in_limits(Config& config) {
  http::ServerOptions& front_door = config.front_door;
  if (front_door.body_bytes_max == 0)
    front_door.body_bytes_max = config.input_bytes_max + (6 << 20);
  front_door.bodies_bytes_max = std::max(front_door.bodies_bytes_max, front_door.body_bytes_max);
  const size_t allowed = world::raise_open_files_max() / 2;
  if (front_door.connections_max <= allowed) return;
  front_door.connections_max = allowed;
  config.origins["limits.connections"] = "half of the files that may be open";
}

Result<Config> load_file(const std::string& file) {
  std::ifstream stream(file);
  if (!stream) return errno_error(concat("cannot open ", file), errno);
  std::stringstream text;
  text << stream.rdbuf();
  ConfigReading reading = TRY(read_config(text.str(), file));
  if (!reading.problems.empty()) return problems_error(file, reading.problems);
  return std::move(reading.config);
}

}  // namespace

std::string Config::listen() const {
  const bool is_v6 = host.find(':') != host.npos;
  return concat(is_v6 ? "[" : "", host, is_v6 ? "]" : "", ":", port);
}

functions::processes::Settings Config::process_settings() const {
  functions::processes::Settings settings = processes;
  settings.surroundings.region = region;
  settings.surroundings.account = account;
  return settings;
}

engine::Options Config::engine_options() const {
  engine::Options options{.account = account,
                          .region = region,
                          .open_executions_max = open_executions_max,
                          .input_bytes_max = input_bytes_max,
                          .activity_polls_max = activity_polls_max};
  if (is_strict) {
    options.input_bytes_max = std::min(input_bytes_max, execution::service_data_bytes_max);
    options.events_max = execution::service_events_max;
  }
  return options;
}

Result<ConfigReading> read_config(std::string_view text, const std::string& file) {
  const TomlNode root = TRY(parse_toml(text, file));
  ConfigReading reading;
  reading.config.file = file;
  const std::string folder = std::filesystem::absolute(file).parent_path().string();
  read_file(root, folder, reading.config, reading.problems);
  note_origins(root, "", file, reading.config);
  check_together(root, reading.config, reading.problems);
  std::stable_sort(reading.problems.begin(), reading.problems.end(),
                   [](const auto& left, const auto& right) { return left.line < right.line; });
  return reading;
}

Error problems_error(const std::string& file, const std::vector<ConfigProblem>& problems) {
  std::vector<std::string> lines;
  for (const ConfigProblem& problem : problems) {
    lines.push_back(concat(file, ":", problem.line, ": ", problem.message));
  }
  return Error(ErrorCode::invalid_argument, join(lines, "\n"),
               "docs/configuration.md describes every key.");
}

Result<void> parse_listen(std::string_view text, Config& config) {
  const size_t colon = text.rfind(':');
  const auto port = parse_integer(colon == text.npos ? "" : text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!port || *port < 0 || *port > 65535 || host.empty()) {
    return Error(ErrorCode::invalid_argument, concat("\"", text, "\" is no address to listen on"),
                 "Write HOST:PORT, as in 127.0.0.1:8083.");
  }
  config.host = host;
  config.port = static_cast<uint16_t>(*port);
  return {};
}

Result<Config> load_config(const ConfigOverrides& flags) {
  Config config;
  const std::string file = first_of(flags.file, "PAWL_CONFIG");
  if (!file.empty()) config = TRY(load_file(file));
  const auto set = [&](std::string& into, const GivenElsewhere& given) {
    const std::string value = first_of(given.flag, given.variable);
    if (value.empty()) return;
    into = value;
    config.origins[given.key] = given.flag.empty() ? given.variable : concat("--", given.key);
  };
  std::string listen;
  set(config.account, {"account", "", "PAWL_ACCOUNT"});
  set(config.region, {"region", flags.region, "PAWL_REGION"});
  set(listen, {"listen", flags.listen, "PAWL_LISTEN"});
  set(config.data, {"data", flags.data, "PAWL_DATA"});
  if (!listen.empty()) TRY(parse_listen(listen, config));
  if (config.data.empty()) config.data = default_data_directory();
  config.data = std::filesystem::absolute(config.data).lexically_normal().string();
  TRY(check_home_region(config));
  if (config.restore.regions.empty()) {
    const std::string directory = concat(config.data, "/regions/", config.region);
    config.restore.regions[config.region] = {
        .name = config.region, .directory = directory, .space_limit = {}};
  }
  config.restore.home_region = config.region;
  config.is_strict = config.is_strict || flags.strict_aws;
  if (flags.strict_aws) config.origins["limits.strict_aws"] = "--strict-aws";
  fill_in_limits(config);
  fill_in_jobs(config.data, config.jobs);
  if (config.objects.directory.empty()) config.objects.directory = config.data + "/buckets";
  config.objects.s3.region = config.region;
  config.objects.s3.access_key = environment("AWS_ACCESS_KEY_ID");
  config.objects.s3.secret_key = environment("AWS_SECRET_ACCESS_KEY");
  config.objects.s3.session_token = environment("AWS_SESSION_TOKEN");
  config.integrations.credentials = aws::credentials_of_environment();
  return config;
}

}  // namespace pawl::daemon
