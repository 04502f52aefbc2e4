#pragma once

#include <memory>
#include <string>

#include "engine/engine.h"
#include "sim/faulty_store.h"
#include "sim/memory_store.h"
#include "sim/scripted_runner.h"
#include "sim/sim_clock.h"
#include "sim/sim_random.h"

namespace pawl::sim {

// An engine on simulated ground, turned by the test, that may die and come back with what its disk
// holds. Calls return when they are answered.
class Server {
 public:
  explicit Server(engine::Options options = {}) : options_(std::move(options)) { boot(); }

  void crash() {
    engine_.reset();
    runner.crash();
    boot();
  }
  // Turns until nothing more happens at this moment of the clock.
  void settle() {
    while (engine_->turn().value() > 0) {
    }
  }
  void pass(Duration duration) {
    clock.advance(duration);
    settle();
  }

  Result<store::Machine> create_machine(const std::string& name, const std::string& definition) {
    return call<store::Machine>([&](auto reply) {
      engine_->create_machine({.name = name, .definition = definition, .role_arn = "role"}, reply);
    });
  }
  Result<engine::Started> start(const std::string& machine,
                                json::Value input = json::Value::object(),
                                const std::string& name = {}) {
    return call<engine::Started>([&](auto reply) {
      engine_->start_execution({.machine_arn = machine_arn(machine),
                                .name = name,
                                .input = std::move(input),
                                .input_text = {}},
                               reply);
    });
  }
  Result<Instant> stop(const std::string& arn) {
    return call<Instant>([&](auto reply) { engine_->stop_execution(arn, "E", "C", reply); });
  }
  Result<std::vector<engine::LiveActivity>> activities(const std::string& arn) {
    return call<std::vector<engine::LiveActivity>>(
        [&](auto reply) { engine_->activities(arn, reply); });
  }
  template <typename Request>
  auto ask(Request request) {
    return call<typename Request::Answer>(
        [&](auto reply) { engine_->ask(std::move(request), std::move(reply)); });
  }
  store::Execution execution(const std::string& arn) { return engine_->execution(arn).value(); }
  static std::string machine_arn(const std::string& name) {
    return "arn:aws:states:us-east-1:000000000000:stateMachine:" + name;
  }

  // Asks, turns once, and gives the answer.
  template <typename T, typename Ask>
  Result<T> call(Ask ask) {
    std::optional<Result<T>> answer;
    ask(engine::Reply<T>([&](Result<T> result) { answer.emplace(std::move(result)); }));
    (void)engine_->turn();
    CHECK(answer.has_value());
    return *std::move(answer);
  }

  engine::Engine& engine() { return *engine_; }
  FaultyStore& store() { return *store_; }

  Disk disk;
  SimClock clock;
  ScriptedRunner runner;

 private:
  void boot() {
    store_ = std::make_unique<FaultyStore>(std::make_unique<MemoryStore>(disk));
    engine_ = std::make_unique<engine::Engine>(options_, *store_, clock, random_);
    engine_->add_runner(runner);
    runner.report_to(engine_->reports());
    const auto recovered = engine_->recover();
    CHECK(recovered.has_value());
  }

  const engine::Options options_;
  SimRandom random_{1};
  std::unique_ptr<FaultyStore> store_;
  std::unique_ptr<engine::Engine> engine_;
};

}  // namespace pawl::sim
