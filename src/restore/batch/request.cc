#include "restore/batch/request.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "base/time.h"
#include "restore/known.h"
#include "restore/layout.h"

namespace pawl::restore::batch {
namespace {

Error invalid(std::string message, std::string hint = {}) {
  return Error(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

// The member under its own name, or under the one the original batch template has for it.
json::Value member(const json::Value& input, std::string_view name, std::string_view original) {
  if (const json::Value* value = input.find(name)) return *value;
  return original.empty() ? json::Value() : input[original];
}

struct Range {
  std::string_view name, original;
  int64_t fallback, minimum, maximum;
};

// Template parameters arrive as text, so "3" counts as 3.
Result<int64_t> number(const json::Value& input, const Range& range) {
  const json::Value value = member(input, range.name, range.original);
  if (value.is_null()) return range.fallback;
  std::optional<int64_t> number;
  if (value.is_integer()) number = value.integer();
  if (value.is_string()) number = parse_integer(trim(value.string()));
  if (!number || *number < range.minimum || *number > range.maximum) {
    return invalid(
        concat(range.name, " is not a whole number from ", range.minimum, " to ", range.maximum));
  }
  return *number;
}

Result<std::string> text(const json::Value& object, std::string_view name, std::string fallback) {
  const json::Value value = object[name];
  if (value.is_null()) return fallback;
  if (!value.is_string()) return invalid(concat(name, " is not a string"));
  return std::string(value.string());
}

Result<std::string> date(const json::Value& object, std::string fallback) {
  std::string date = TRY(text(object, "snapshot_date", std::move(fallback)));
  TRY(check_snapshot_date(date));
  return date;
}

// What the items have in common unless they say otherwise.
struct Defaults {
  std::string snapshot_date, source_region, target_region;
};

Result<Item> parse_item(const json::Value& value, const Defaults& defaults,
                        const Settings& settings) {
  const json::Value object =
      value.is_string() ? json::Value::object({{"cluster_name", value}}) : value;
  if (!object.is_object())
    return invalid("an element of databases is neither a name nor an object");

  Item item;
  item.cluster_name = trim(TRY(text(object, "cluster_name", "")));
  TRY(check_cluster_name(item.cluster_name));
  const Cluster* cluster = TRY(known_cluster(settings, item.cluster_name));
  item.target_cluster = TRY(text(object, "target_cluster", item.cluster_name));
  TRY(check_target_name(settings, item.target_cluster));
  item.snapshot_date = TRY(date(object, defaults.snapshot_date));
  item.source_region = TRY(text(object, "source_region", defaults.source_region));
  if (item.source_region.empty()) item.source_region = cluster->region;
  item.target_region = TRY(text(object, "target_region", defaults.target_region));
  if (item.target_region.empty()) item.target_region = item.source_region;
  TRY(known_region(settings, item.source_region));
  TRY(known_region(settings, item.target_region));
  if (!object["priority"].is_null()) {
    item.priority = TRY(number(object, {"priority", "", 0, 1, 1'000'000}));
  }
  return item;
}

Result<std::vector<json::Value>> databases(const json::Value& input) {
  const json::Value value = member(input, "databases", "DatabaseList");
  std::vector<json::Value> list;
  if (value.is_string()) {
    for (std::string_view name : split(value.string(), ',')) {
      if (!trim(name).empty()) list.emplace_back(trim(name));
    }
  } else if (value.is_array()) {
    list.assign(value.elements().begin(), value.elements().end());
  } else if (!value.is_null()) {
    return invalid("databases is neither a list nor names separated by commas");
  }
  if (list.empty()) return invalid("databases is empty", "Name at least one cluster.");
  return list;
}

Result<void> check_unique(const std::vector<Item>& items) {
  std::set<std::pair<std::string, std::string>> targets;
  for (const Item& item : items) {
    if (targets.insert({item.target_region, item.target_cluster}).second) continue;
    return invalid(
        concat("databases names ", item.target_cluster, " in ", item.target_region, " twice"),
        "Restore one snapshot onto several clusters by giving each a target_cluster.");
  }
  return {};
}

Result<bool> stops_on_failure(const json::Value& input) {
  const std::string policy = TRY(text(input, "on_failure", "continue"));
  if (policy == "stop" || policy == "continue") return policy == "stop";
  return invalid(concat("on_failure \"", policy, "\" is neither \"stop\" nor \"continue\""));
}

}  // namespace

Result<Request> parse_request(const json::Value& input, const Settings& settings) {
  if (!input.is_object()) return invalid("the input of a batch is not an object");
  Request request;
  // Load tests go beyond the limit, and have to say so.
  const int64_t limit = TRY(number(input, {"limit_override", "", concurrency_max, 1, 1000}));
  request.concurrency = TRY(number(
      input, {"concurrency", "ConcurrentExecutions", std::min<int64_t>(3, limit), 1, limit}));
  request.stagger_seconds = TRY(number(input, {"stagger_seconds", "", 0, 0, 86'400}));
  request.tries = TRY(number(input, {"tries", "", 3, 1, tries_max}));
  request.retry_seconds = TRY(number(input, {"retry_seconds", "", 5, 0, 3600}));
  request.stops_on_failure = TRY(stops_on_failure(input));

  const json::Value shared =
      json::Value::object({{"snapshot_date", member(input, "snapshot_date", "SnapshotDate")},
                           {"target_region", member(input, "target_region", "TargetRegion")}});
  const Defaults defaults{TRY(date(shared, "latest")), TRY(text(input, "source_region", "")),
                          TRY(text(shared, "target_region", ""))};
  for (const json::Value& value : TRY(databases(input))) {
    request.items.push_back(TRY(parse_item(value, defaults, settings)));
  }
  TRY(check_unique(request.items));
  std::stable_sort(request.items.begin(), request.items.end(),
                   [](const Item& left, const Item& right) {
                     return left.priority.value_or(INT64_MAX) < right.priority.value_or(INT64_MAX);
                   });
  return request;
}

}  // namespace pawl::restore::batch
