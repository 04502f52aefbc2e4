#include "base/text.h"
#include "sim/machines.h"
#include "sim/simulation.h"

// What clients and workers ask for. They hold the server to what it has answered.
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
  create_activity();
}

void Simulation::create_activity() {
  for (bool is_created = false; !is_created && complaints_.empty();) {
    engine_->ask(
        engine::CreateActivity{.name = "work", .settings = json::Value::object(), .tags = {}},
        [&](Result<store::Activity> created) { is_created = created.has_value(); });
    turn();
  }
}

void Simulation::one_client_asks() {
  const size_t dice = random_.below(10);
  if (dice < 5) return start_one();
  if (dice < 6) return stop_one();
  if (dice < 7) return redrive_one();
  if (dice < 8) return poll_one();
  answer_one();
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
  const int64_t redrives = redrives_of(arn);
  engine_->stop_execution(arn, "Stopped", "by a client", [=, this](Result<Instant> stopped) {
    if (!stopped.has_value()) return;
    const Undisturbed checking(storage_);
    const auto execution = engine_->execution(arn);
    if (!execution.has_value() || (!execution->stopped && execution->redrives == redrives)) {
      complain(arn + " was said to be stopped and is not");
    }
  });
}

int64_t Simulation::redrives_of(const std::string& arn) {
  const Undisturbed checking(storage_);
  const auto row = store_->execution(arn).value();
  return row ? row->redrives : 0;
}

// What has failed or was stopped goes on from where it was.
void Simulation::redrive_one() {
  if (acknowledged_.empty()) return;
  const std::string arn = acknowledged_[random_.below(acknowledged_.size())];
  engine_->ask(engine::RedriveExecution{.arn = arn}, [this, arn](Result<Instant> redriven) {
    if (!redriven.has_value()) return;
    const Undisturbed checking(storage_);
    const auto execution = engine_->execution(arn);
    if (!execution.has_value() || execution->redrives == 0) {
      complain(arn + " was said to be redriven and is not");
    }
  });
}

void Simulation::poll_one() {
  engine_->ask(engine::PollActivity{.arn = "arn:aws:states:us-east-1:000000000000:activity:work",
                                    .worker_name = "worker"},
               [this](Result<engine::ActivityTask> task) {
                 if (!task.has_value() || task->token.empty()) return;
                 if (!handed_over_.insert(task->token).second) {
                   complain("two workers have the task of " + task->token);
                 }
                 tokens_.push_back(task->token);
               });
}

void Simulation::answer_one() {
  if (tokens_.empty()) return;
  const std::string token = tokens_[random_.below(tokens_.size())];
  const size_t dice = random_.below(6);
  if (dice == 0) {
    return engine_->ask(engine::AnswerToken{token, engine::TaskBeats()}, [](Result<void>) {});
  }
  engine::AnswerToken answer{token, json::Value(concat("answer ", ++answers_))};
  if (dice == 1) answer.said = asl::Failure{"Transient", "try again"};
  engine_->ask(std::move(answer), [this, token](Result<void> taken) {
    if (taken.has_value() && !answered_.insert(token).second) {
      complain(token + " was answered twice, and both answers were taken");
    }
  });
}

}  // namespace pawl::sim
