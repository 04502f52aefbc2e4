#include "sim/simulation.h"

#include "base/text.h"
#include "sim/machines.h"

namespace pawl::sim {
namespace {

std::string arn_of(const std::string& machine) {
  return "arn:aws:states:us-east-1:000000000000:stateMachine:" + machine;
}

json::Value input_of(size_t number) {
  json::Value::Array items;
  for (size_t item = 0; item < number % 5; ++item) {
    items.push_back(json::Value::object({{"item", item}}));
  }
  return json::Value::object({{"n", number % 9}, {"items", std::move(items)}});
}

}  // namespace

Simulation::Simulation(uint64_t seed, Storage& storage)
    : random_(seed), entropy_(seed + 1), storage_(storage) {
  // With every other seed whatever may sleep does.
  if (seed % 2 == 0) options_ = {.awake_executions_max = 0, .sleep_at_least = Duration::zero()};
  runner_.on_start([this](const engine::TaskRequest& request) { check_is_durable(request); });
}

void Simulation::run(size_t steps) {
  boot();
  create_machines();
  for (size_t step = 0; step < steps && complaints_.empty(); ++step) one_step();
  finish_everything();
  check_histories(Which::all);
  check_acknowledged();
  check_ends();
  for (const std::string& complaint : runner_.complaints()) complain(complaint);
  engine_.reset();
}

void Simulation::boot() {
  auto opened = storage_.open();
  if (!opened.has_value()) {
    complain("the store does not open: " + opened.error().text());
    opened = nothing_.open();  // the run goes to its end with nothing
  }
  store_ = std::make_unique<FaultyStore>(*std::move(opened));
  engine_ = std::make_unique<engine::Engine>(options_, *store_, clock_, entropy_);
  engine_->add_runner(runner_);
  runner_.revive();
  runner_.report_to(engine_->reports());
  const auto recovered = engine_->recover();
  if (!recovered.has_value()) complain("recovery: " + recovered.error().text());
}

void Simulation::crash() {
  ++crashes_;
  remember_histories();
  storage_.crash();
  engine_.reset();
  store_.reset();
  runner_.crash();
  boot();
  check_histories(Which::open);
  check_acknowledged();
}

void Simulation::turn() {
  if (random_.one_in(8)) storage_.misbehave(random_);
  const bool is_well = engine_->turn().has_value();
  storage_.behave();
  if (!is_well) crash();
}

void Simulation::one_step() {
  const size_t dice = random_.below(100);
  if (dice < 20) return start_one();
  if (dice < 24) return stop_one();
  if (dice < 55) return turn();
  if (dice < 80) return one_task_goes_on();
  if (dice < 86) return clock_.advance(seconds(1 + random_.below(4)));
  if (dice < 91) {
    if (const auto next = engine_->next_timer()) clock_.advance_to(*next);
    return;
  }
  if (dice < 95) {
    return store_->fail_next_commit(random_.one_in(2) ? FaultyStore::Fault::commit_is_lost
                                                      : FaultyStore::Fault::commit_is_kept);
  }
  // The process dies between turns, or in the middle of carrying out a turn's effects.
  if (dice < 98) {
    runner_.die_after_starts(random_.below(3));
    turn();
  }
  crash();
}

void Simulation::finish_everything() {
  crash();
  for (size_t round = 0; round < 20'000 && complaints_.empty(); ++round) {
    const auto handled = engine_->turn();
    if (!handled.has_value()) return complain("a turn failed without a fault");
    if (*handled > 0) continue;
    if (!runner_.running().empty()) {
      end_task(runner_.running().begin()->first);
    } else if (const auto next = engine_->next_timer()) {
      clock_.advance_to(*next);
    } else {
      return;
    }
  }
  if (complaints_.empty()) complain("the executions do not come to an end");
}

// Each until it is acknowledged, as a client does who gets no answer.
void Simulation::create_machines() {
  for (const SimMachine& machine : sim_machines()) {
    for (bool is_created = false; !is_created && complaints_.empty();) {
      engine_->create_machine(
          {.name = machine.name, .definition = machine.definition, .role_arn = "role"},
          [&](Result<store::Machine> created) { is_created = created.has_value(); });
      turn();
    }
  }
}

void Simulation::start_one() {
  const auto& machines = sim_machines();
  const SimMachine& machine = machines[random_.below(machines.size())];
  // Sometimes a client asks again for what it, or another, has asked for.
  const size_t number = random_.one_in(8) ? random_.below(started_ + 1) : ++started_;
  engine_->start_execution(
      {.machine_arn = arn_of(machine.name),
       .name = concat("e", number),
       .input = input_of(number),
       .input_text = {}},
      [this](Result<engine::Started> started) {
        const Undisturbed checking(storage_);
        if (started.has_value()) acknowledged_.push_back(started->execution_arn);
        if (started.has_value() && !engine_->execution(started->execution_arn).has_value()) {
          complain(started->execution_arn + " was acknowledged before it was durable");
        }
      });
}

void Simulation::stop_one() {
  if (acknowledged_.empty()) return;
  const std::string arn = acknowledged_[random_.below(acknowledged_.size())];
  engine_->stop_execution(arn, "Stopped", "by a client", [this, arn](Result<Instant> stopped) {
    const Undisturbed checking(storage_);
    if (!stopped.has_value()) return;
    const auto execution = engine_->execution(arn);
    if (!execution.has_value() || !execution->stopped) {
      complain(arn + " was said to be stopped and is not");
    }
  });
}

void Simulation::one_task_goes_on() {
  if (runner_.running().empty()) return;
  auto chosen = runner_.running().begin();
  std::advance(chosen, random_.below(runner_.running().size()));
  const std::string id = chosen->first;
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
