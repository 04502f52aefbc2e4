#include "daemon/settings.h"

#include <algorithm>
#include <cmath>

#include "asl/parse.h"
#include "asl/query.h"
#include "base/text.h"
#include "engine/limits.h"
#include "execution/command.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::daemon {
namespace {

// "http://me:secret@host" without "secret".
std::string without_password(const std::string& text) {
  const size_t scheme = text.find("://");
  if (scheme == text.npos) return text;
  const size_t host = text.find('@', scheme), user = scheme + 3;
  if (host == text.npos || text.find('/', user) < host) return text;
  const size_t colon = text.find(':', user);
  return colon < host ? text.substr(0, colon) + text.substr(host) : text;
}

class Gathered {
 public:
  explicit Gathered(const Config& config) : config_(config) {}

  void table(const std::string& name, const std::string& member = {}) {
    table_ = member.empty() ? name : concat(name, ".", json::write(json::Value(member)));
    path_ = member.empty() ? name : concat(name, ".", member);
  }
  void add(const std::string& key, json::Value value, std::string unit = {}) {
    const std::string name = path_.empty() ? key : concat(path_, ".", key);
    const auto origin = config_.origins.find(name);
    settings_.push_back({table_, key, name, std::move(value), std::move(unit),
                         origin == config_.origins.end() ? "default" : origin->second});
  }
  void text(const std::string& key, const std::string& value) {
    if (!value.empty()) add(key, without_password(value));
  }
  void number(const std::string& key, size_t value) { add(key, static_cast<int64_t>(value)); }
  void bytes(const std::string& key, uint64_t value) {
    if (value > 0) add(key, static_cast<int64_t>(value), "bytes");
  }
  void length(const std::string& key, Duration value) {
    const int64_t micros = value.count();
    const bool is_whole = micros % 1'000'000 == 0;
    add(key,
        is_whole ? json::Value(micros / 1'000'000) : json::Value(static_cast<double>(micros) / 1e6),
        "seconds");
  }
  template <typename Map>
  void map(const std::string& key, const Map& pairs) {
    json::Value::Object members;
    for (const auto& [name, value] : pairs) members.push_back({name, json::Value(value)});
    if (!members.empty()) add(key, std::move(members));
  }
  std::vector<Setting> take() { return std::move(settings_); }

 private:
  const Config& config_;
  std::string table_, path_;
  std::vector<Setting> settings_;
};

void gather_cluster(Gathered& out, const restore::Cluster& cluster) {
  out.table("clusters", cluster.name);
  out.text("region", cluster.region);
  out.text("host", cluster.host);
  out.number("port", cluster.port);
  out.text("user", cluster.user);
  out.text("database", cluster.database);
  out.text("data_directory", cluster.data_directory);
  out.map("endpoint_ports", cluster.endpoint_ports);
}

void gather_notification(Gathered& out, const restore::Notification& notification) {
  out.table("notification");
  out.text("file", notification.file);
  out.text("http", notification.http_url);
  if (notification.smtp_server.empty()) return;
  json::Value::Array to;
  for (const std::string& address : notification.smtp_to) to.push_back(address);
  out.add("smtp", json::Value::object({{"server", without_password(notification.smtp_server)},
                                       {"from", notification.smtp_from},
                                       {"to", std::move(to)},
                                       {"username", notification.smtp_username},
                                       {"require_tls", notification.requires_tls()}}));
}

void gather_regions(Gathered& out, const restore::Settings& settings) {
  for (const auto& [name, region] : settings.regions) {
    out.table("regions", name);
    out.text("directory", region.directory);
    // Written out, the range that is built in would be in the way of other regions.
    const restore::Region built_in{};
    if (region.port_first != built_in.port_first || region.port_last != built_in.port_last) {
      out.text("ports", concat(region.port_first, "-", region.port_last));
    }
    if (region.space_limit) out.bytes("space_limit", *region.space_limit);
  }
}

void gather_restores(Gathered& out, const restore::Settings& settings) {
  gather_regions(out, settings);
  for (const auto& [name, cluster] : settings.clusters) gather_cluster(out, cluster);
  out.table("postgres");
  out.text("directory", settings.postgres_directory);
  out.text("account", settings.postgres_account);
  out.map("parameters", settings.postgres_parameters);
  out.table("restore");
  out.number("copy_threads", static_cast<size_t>(settings.copy_threads));
  out.length("grace", settings.grace);
  out.length("connection_limit", settings.connection_limit);
  out.text("secrets", settings.secrets_file);
  gather_notification(out, settings.notification);
}

void gather_jobs(Gathered& out, const JobsConfig& jobs) {
  out.table("jobs");
  out.text("directory", jobs.directory);
  out.text("volume", jobs.volume);
  out.length("keep_ended", jobs.keep_ended);
  out.length("grace", jobs.grace);
  out.table("arrays");
  out.map("accepted", jobs.accepted);
  if (!jobs.slurm) return;
  out.table("slurm");
  out.text("directory", jobs.slurm->directory);
  out.text("partition", jobs.slurm->partition);
  out.text("account", jobs.slurm->account);
  if (!jobs.slurm->extra_options.empty()) {
    json::Value::Array options;
    for (const std::string& option : jobs.slurm->extra_options) options.emplace_back(option);
    out.add("options", std::move(options));
  }
  out.text("configuration", jobs.slurm->configuration);
  out.length("poll_interval", jobs.slurm->poll_interval);
  out.length("lost_after", jobs.slurm->lost_after);
}

void gather_functions(Gathered& out, const functions::processes::Settings& settings) {
  out.table("functions");
  out.number("concurrency", static_cast<size_t>(settings.concurrency));
  out.length("idle_time", settings.idle_limit);
  out.length("start_time", settings.initialisation_limit);
  out.length("grace", settings.grace);
  out.length("retry_delay", settings.retry_delay);
  out.text("account", settings.surroundings.system_account);
}

void gather_limits(Gathered& out, const Config& config) {
  out.table("limits");
  out.number("function_concurrency", static_cast<size_t>(config.functions.concurrency));
  out.number("function_waiting", config.functions.waiting_max);
  out.number("service_calls", static_cast<size_t>(config.integrations.calls_max));
  out.number("open_executions", config.open_executions_max);
  out.number("activity_polls", config.activity_polls_max);
  out.bytes("input", config.input_bytes_max);
  out.number("connections", config.front_door.connections_max);
  out.length("idle_time", config.front_door.idle_limit);
  out.length("request_time", config.front_door.request_limit);
  out.bytes("header", config.front_door.header_bytes_max);
  out.bytes("body", config.front_door.body_bytes_max);
  out.bytes("bodies", config.front_door.bodies_bytes_max);
  out.bytes("answers", config.front_door.answers_bytes_max);
  out.length("signature_age", config.signature_age_max);
  out.add("strict_aws", config.is_strict);
}

std::string toml(const json::Value& value);

std::string toml_table(const json::Value& object) {
  std::vector<std::string> members;
  for (const auto& [name, value] : object.members()) {
    members.push_back(concat(json::write(json::Value(name)), " = ", toml(value)));
  }
  return concat("{ ", join(members, ", "), " }");
}

// A text is quoted as JSON quotes it, and a list written as there; TOML reads both the same way.
std::string toml(const json::Value& value) {
  return value.is_object() ? toml_table(value) : json::write(value);
}

// "64MiB", "500GB": the fewest digits that say all of it. Empty: a bare number says it as well.
std::string size_text(int64_t bytes) {
  constexpr std::pair<int64_t, std::string_view> units[] = {
      {1LL << 40, "TiB"}, {1'000'000'000'000, "TB"}, {1 << 30, "GiB"}, {1'000'000'000, "GB"},
      {1 << 20, "MiB"},   {1'000'000, "MB"},         {1 << 10, "KiB"}, {1'000, "kB"}};
  std::string shortest;
  for (const auto& [size, unit] : units) {
    if (bytes <= 0 || bytes % size != 0) continue;
    std::string text = concat(bytes / size, unit);
    // Beyond 2^53 not every text is read as the same number.
    if (parse_bytes(text) != static_cast<uint64_t>(bytes)) continue;
    const auto digits = [](const std::string& each) { return each.find_first_of("kKMGT"); };
    if (shortest.empty() || digits(text) < digits(shortest)) shortest = std::move(text);
  }
  return shortest;
}

// "24h", "7d", "90s": a whole number of the largest unit; one day is 24 hours to people.
std::string time_text(double length) {
  const auto micros = static_cast<int64_t>(std::llround(length * 1e6));
  constexpr int64_t second = 1'000'000, hour = 3600 * second, day = 24 * hour;
  if (micros % day == 0 && micros > day) return concat(micros / day, "d");
  if (micros % hour == 0 && micros > 0) return concat(micros / hour, "h");
  if (micros % (60 * second) == 0 && micros > 0) return concat(micros / (60 * second), "m");
  if (micros % second == 0) return concat(micros / second, "s");
  return concat(static_cast<double>(micros) / 1000, "ms");
}

// As a person would write it; empty where that is the bare number.
std::string text_with_unit(const Setting& setting) {
  if (setting.unit == "seconds") return time_text(setting.value.real());
  return setting.unit == "bytes" ? size_text(setting.value.integer()) : std::string();
}

std::string lines_of(const std::vector<Setting>& settings, bool has_origins) {
  std::string out, table;
  for (const Setting& setting : settings) {
    if (setting.table != table) {
      table = setting.table;
      out += concat("\n[", table, "]\n");
    }
    const std::string text = text_with_unit(setting);
    std::string line =
        concat(setting.key, " = ", text.empty() ? toml(setting.value) : concat("\"", text, "\""));
    if (has_origins) {
      constexpr size_t column = 40;
      line.append(line.size() < column ? column - line.size() : 2, ' ');
      line += concat("# ", setting.unit.empty() || !text.empty() ? "" : setting.unit + ", ",
                     setting.origin);
    }
    out += line + "\n";
  }
  return out;
}

}  // namespace

std::vector<Setting> settings_of(const Config& config) {
  Gathered out(config);
  out.text("account", config.account);
  out.text("region", config.region);
  out.text("listen", config.listen());
  out.text("data", config.data);
  out.table("credentials");
  out.text("file", config.credentials_file);
  out.table("endpoints");
  for (const auto& [service, url] : config.integrations.endpoints) out.text(service, url);
  out.text("s3", config.objects.s3.url);
  gather_restores(out, config.restore);
  out.table("objects");
  out.text("directory", config.objects.directory);
  out.map("buckets", config.objects.directories);
  gather_jobs(out, config.jobs);
  gather_functions(out, config.processes);
  gather_limits(out, config);
  return out.take();
}

std::vector<Setting> fixed_limits() {
  const engine::Options engine;
  const execution::Facts facts;
  const auto row = [](const std::string& name, size_t value, std::string unit) {
    return Setting{{}, name, name, static_cast<int64_t>(value), std::move(unit), "fixed"};
  };
  const auto in_seconds = [](Duration time) {
    return static_cast<size_t>(std::chrono::duration_cast<seconds>(time).count());
  };
  return {
      row("definition", asl::definition_bytes_max, "bytes"),
      row("nesting of JSON", json::depth_max, "levels"),
      row("name", engine::name_characters_max, "characters"),
      row("commands waiting for the engine", engine::commands_waiting_max, "commands"),
      row("commands of a turn", engine::commands_per_turn_max, "commands"),
      row("JSONata in a transition", static_cast<size_t>(facts.transition_steps_max), "steps"),
      row("JSONata in a turn", static_cast<size_t>(facts.turn_steps_max), "steps"),
      row("memory of one JSONata evaluation", asl::expression_bytes_max, "bytes"),
      row("express execution", static_cast<size_t>(engine::express_seconds_max), "seconds"),
      row("wait of GetActivityTask", in_seconds(engine.activity_poll_time), "seconds"),
      row("answers of a server that stops", in_seconds(http::ServerOptions{}.stop_limit),
          "seconds"),
      row("versions of a machine", engine::versions_max, "versions"),
      row("aliases of a machine", engine::aliases_max, "aliases"),
      row("tags of a resource", engine::tags_max, "tags"),
  };
}

std::string write_config(const Config& config) { return lines_of(settings_of(config), false); }

std::string annotated_config(const Config& config) {
  std::string out = lines_of(settings_of(config), true) + "\n# Limits that cannot be set:\n";
  for (const Setting& limit : fixed_limits()) {
    const std::string text = text_with_unit(limit);
    out += concat("#   ", limit.name, ": ",
                  text.empty() ? concat(limit.value.integer(), " ", limit.unit) : text, "\n");
  }
  return out;
}

}  // namespace pawl::daemon
