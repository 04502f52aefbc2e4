#include "arrays/run/plan.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "base/text.h"

namespace pawl::arrays {
namespace {

Error invalid(std::string what) { return Error(ErrorCode::invalid_argument, std::move(what)); }

int64_t divided_up(int64_t whole, int64_t parts) { return (whole + parts - 1) / parts; }

Result<std::optional<int64_t>> number_at(const json::Value& event, const char* name, int64_t most) {
  if (event[name].is_null()) return std::optional<int64_t>();
  const auto number = event.integer_at(name);
  if (!number || *number < 1 || *number > most)
    return invalid(concat("'", name, "' must be a whole number from 1 to ", most));
  return number;
}

Result<std::string> text_at(const json::Value& event, const char* name, std::string otherwise) {
  if (event[name].is_null()) return otherwise;
  const auto text = event.string_at(name);
  if (!text || text->empty()) return invalid(concat("'", name, "' must be a text"));
  return *text;
}

Result<Step> step_of(const json::Value& value, const std::string& shared_queue) {
  const auto name = value.is_string() ? std::string(value.string()) : value.string_at("name");
  if (!name || name->empty() || name->size() > 40 || escape(*name) != *name ||
      name->find('.') != name->npos)
    return invalid("a step has a name of up to 40 letters, digits, '-' and '_'");
  const std::string own = "pawl-arrays-" + *name;
  return Step{
      .name = *name,
      .job_definition = TRY(text_at(value, "job_definition", own)),
      .job_queue = TRY(text_at(value, "job_queue", shared_queue.empty() ? own : shared_queue))};
}

Result<std::vector<Step>> steps_of(const json::Value& event) {
  const json::Value usual = json::Value::array({"procure", "process", "egress"});
  const json::Value asked = event["steps"].is_null() ? usual : event["steps"];
  if (!asked.is_array() || asked.size() == 0 || asked.size() > 100)
    return invalid("'steps' must be a list of 1 to 100 steps");
  const std::string queue = TRY(text_at(event, "queue", ""));
  std::vector<Step> steps;
  std::set<std::string> names;
  for (const json::Value& each : asked.elements()) {
    steps.push_back(TRY(step_of(each, queue)));
    if (!names.insert(steps.back().name).second)
      return invalid(concat("two steps are called ", steps.back().name));
  }
  return steps;
}

Result<std::optional<Layout>> layout_of(const json::Value& event) {
  const std::string text = TRY(text_at(event, "layout", "auto"));
  if (text == "auto") return std::optional<Layout>();
  if (text == "bundle") return std::optional(Layout::bundle);
  if (text == "files") return std::optional(Layout::files);
  return invalid("'layout' must be 'bundle', 'files' or 'auto'");
}

}  // namespace

Result<Request> parse_request(const json::Value& event) {
  static const std::set<std::string_view> known = {"ids",    "per_node", "nodes", "seed",
                                                   "bucket", "layout",   "steps", "queue",
                                                   "sync",   "keep",     "check"};
  if (!event.is_object()) return invalid("the input must be an object");
  for (const auto& member : event.members())
    if (!known.contains(member.name)) return invalid(concat("unknown member '", member.name, "'"));
  Request request{.seed = TRY(text_at(event, "seed", "")),
                  .bucket = TRY(text_at(event, "bucket", "arrays")),
                  .per_node = TRY(number_at(event, "per_node", ids_per_node_max)),
                  .nodes = TRY(number_at(event, "nodes", ids_max)),
                  .layout = TRY(layout_of(event)),
                  .steps = TRY(steps_of(event)),
                  .is_synced = event.boolean_at("sync").value_or(false),
                  .is_checked = event.boolean_at("check").value_or(true)};
  if (request.seed.find_first_of(std::string_view("\n\0", 2)) != std::string::npos)
    return invalid("'seed' must be one line");
  if (request.per_node && request.nodes)
    return invalid("'per_node' and 'nodes' say the same; leave one of them out");
  if (request.is_checked && !publishes(request.steps))
    return invalid(
               "no step is called egress, so nothing comes into the bucket, where 'check' looks")
        .with_hint(
            "Add the step egress, or say --no-check (\"check\": false): results then stay on the "
            "volume.");
  return request;
}

bool publishes(const std::vector<Step>& steps) {
  return std::ranges::find(steps, "egress", &Step::name) != steps.end();
}

std::vector<Slice> Split::slices() const {
  std::vector<Slice> slices;
  const int64_t count = divided_up(nodes, array_size_max);
  for (int64_t at = 0; at < count; ++at) {
    const int64_t first = at * nodes / count;
    slices.push_back({first, (at + 1) * nodes / count - first});
  }
  return slices;
}

Result<Split> split_of(int64_t ids, const Request& request) {
  if (ids > ids_max) return invalid(concat("a run has at most ", ids_max, " ids"));
  if (ids == 0) return Split{0, 0};
  if (request.nodes) {
    const int64_t nodes = std::min(*request.nodes, ids);
    if (divided_up(ids, nodes) > ids_per_node_max)
      return invalid(
          concat(ids, " ids over ", nodes, " nodes are more than ", ids_per_node_max, " a node"));
    return Split{ids, nodes};
  }
  const int64_t per_node =
      request.per_node.value_or(std::max(default_ids_per_node, divided_up(ids, array_size_max)));
  return Split{ids, divided_up(ids, per_node)};
}

}  // namespace pawl::arrays
