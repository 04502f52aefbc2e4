#include "sim/simulation.h"

namespace pawl::sim {
Simulation::Simulation(uint64_t seed, Storage& storage)
    : random_(seed), entropy_(seed + 1), storage_(storage) {
  // With every other seed whatever may sleep does.
  if (seed % 2 == 0) options_ = {.awake_executions_max = 0, .sleep_at_least = Duration::zero()};
  options_.stream_bytes_max = 1500;  // results go out in parts
  clock_jumps_back_ = seed % 3 == 0;
  runner_.number_redrives_by([this](const std::string& arn) { return redrives_of(arn); });
  runner_.on_start([this](const engine::TaskRequest& request) {
    check_is_durable(request);
    if (auto token = token_of(request.input)) tokens_.push_back(*std::move(token));
  });
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
  if (dice < 35) return one_client_asks();
  if (dice < 60) return turn();
  if (dice < 80) return one_task_goes_on();
  if (dice < 91) return time_passes();
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

void Simulation::time_passes() {
  if (clock_jumps_back_ && random_.one_in(8)) {
    return clock_.set_back(seconds(1 + random_.below(3600)));
  }
  if (random_.one_in(2)) return clock_.advance(seconds(1 + random_.below(4)));
  if (random_.one_in(20)) return clock_.advance(hours(1));
  if (const auto next = engine_->next_timer()) clock_.advance_to(*next);
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

}  // namespace pawl::sim
