#include "execution/map_run.h"
#include "sim/simulation.h"

// What becomes of tasks: they go on, end, fail, die, and are told of twice or late.
namespace pawl::sim {

// Of a task that others are asked to answer.
std::optional<std::string> Simulation::token_of(const json::Value& input) {
  const json::Value* payload = input.find("Payload");
  if (payload == nullptr) return std::nullopt;
  const auto token = payload->string_at("token");
  return token ? std::optional<std::string>(*token) : std::nullopt;
}

void Simulation::one_task_goes_on() {
  if (!ended_.empty() && random_.one_in(10)) {
    // Late, or in a later life of the server, which may wait for it again.
    return engine_->reports().finished(ended_[random_.below(ended_.size())], json::Value("late"));
  }
  if (runner_.running().empty()) return;
  auto chosen = runner_.running().begin();
  std::advance(chosen, random_.below(runner_.running().size()));
  const std::string id = chosen->first;
  ended_.push_back(id);
  if (random_.one_in(6)) {
    engine_->reports().progressed(id, {.done = 1, .total = 2, .unit = "bytes", .note = {}});
  } else if (random_.one_in(10)) {
    runner_.cancel(id);  // it dies, and nobody is told
  } else {
    end_task(id);
    if (random_.one_in(6)) engine_->reports().finished(id, json::Value("reported twice"));
  }
}

namespace {

constexpr int64_t windows = 3, items_of_window = 3;

// A window of the items that a run is to read, each of them another number; null where the request
// is none to read.
json::Value window(const engine::TaskRequest& request) {
  if (request.resource != execution::read_items_resource) return {};
  const int64_t number = request.input["After"].integer_at("Window").value_or(0);
  json::Value::Array items;
  for (int64_t i = 0; i < items_of_window; ++i) items.push_back(number * items_of_window + i);
  json::Value::Object made{{"Items", std::move(items)}, {"Next", nullptr}};
  if (number + 1 < windows) made[1].value = json::Value::object({{"Window", number + 1}});
  if (number == 0) made.push_back({"Total", windows * items_of_window});
  return made;
}

}  // namespace

void Simulation::end_task(const std::string& id) {
  const engine::TaskRequest& request = runner_.running().at(id);
  const bool writes_results = request.resource == execution::write_results_resource;
  json::Value answer = window(request);
  if (answer.is_null()) answer = json::Value::object({{"n", random_.below(9)}});
  if (writes_results) answer = json::Value::object({{"SUCCEEDED", json::Value::array({id})}});
  switch (random_.below(5)) {
    case 0:
      return runner_.fail(id, "Transient", "try again");
    case 1:
      return runner_.fail(id, "Broken", "it will stay broken");
    default:
      return runner_.succeed(id, std::move(answer));
  }
}

}  // namespace pawl::sim
