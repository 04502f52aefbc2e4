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

void Simulation::end_task(const std::string& id) {
  switch (random_.below(5)) {
    case 0:
      return runner_.fail(id, "Transient", "try again");
    case 1:
      return runner_.fail(id, "Broken", "it will stay broken");
    default:
      return runner_.succeed(id, json::Value::object({{"n", random_.below(9)}}));
  }
}

}  // namespace pawl::sim
