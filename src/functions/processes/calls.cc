// Calls on their way: in, to a process, and back to whoever called.
#include <csignal>

#include "base/log.h"
#include "base/text.h"
#include "functions/processes/host.h"

namespace pawl::functions::processes {

void Host::invoke(const std::string& name, Event event, Done done) {
  in_turn([&] {
    if (by_id_.contains(event.id)) return;
    auto call = std::make_unique<Call>(Call{name, std::move(event), std::move(done)});
    const auto refuse = [&](Answer answer) {
      settled_.emplace_back(std::move(call), std::move(answer));
    };
    if (is_draining_) return refuse({.kind = Answer::Kind::stopping});
    const auto found = fleets_.find(name);
    if (found == fleets_.end() || !found->second.definition)
      return refuse({.kind = Answer::Kind::not_found});
    if (const auto throttle = admission_.enter(name))
      return refuse({.kind = Answer::Kind::throttled, .throttle = *throttle});
    Fleet& fleet = found->second;
    by_id_.emplace(call->event.id, nullptr);
    if (!fleet.idle.empty()) {
      Process& process = *fleet.idle.back();
      fleet.idle.pop_back();
      return hand(process, std::move(call));
    }
    fleet.waiting.push_back(std::move(call));
    start_missing(name, fleet);
  });
}

void Host::cancel(std::string_view id) {
  in_turn([&] {
    const auto found = by_id_.find(id);
    if (found == by_id_.end()) return;
    std::unique_ptr<Call> call;
    Process* process = found->second;
    if (process) call = std::move(process->call);
    for (auto& [name, fleet] : fleets_)
      for (auto& each : fleet.waiting)
        if (!call && each->event.id == id) call = std::move(each);
    for (auto& [name, fleet] : fleets_) std::erase(fleet.waiting, nullptr);
    if (!call) return;
    by_id_.erase(found);
    admission_.leave(call->function);
    if (process) end(*process, SIGKILL, std::nullopt);
  });
}

void Host::settle(std::unique_ptr<Call> call, Answer answer) {
  by_id_.erase(call->event.id);
  admission_.leave(call->function);
  settled_.emplace_back(std::move(call), std::move(answer));
}

// REQUIRES: the process waits for an event.
void Host::hand(Process& process, std::unique_ptr<Call> call) {
  Fleet& fleet = fleets_.find(call->function)->second;
  Connection* connection = process.waiting();
  CHECK(connection != nullptr);
  process.hear(fleet.log);
  process.heard.clear();
  const Event& event = call->event;
  fleet.log.append_line(concat("START RequestId: ", event.id, " Version: $LATEST"));
  const Duration limit = process.definition->time_limit;
  const auto deadline = clock_.now() + limit;
  std::vector<http::Header> headers{
      {"Content-Type", "application/json"},
      {"Lambda-Runtime-Aws-Request-Id", event.id},
      {"Lambda-Runtime-Deadline-Ms",
       concat(std::chrono::duration_cast<milliseconds>(deadline.time_since_epoch()).count())},
      {"Lambda-Runtime-Invoked-Function-Arn",
       concat("arn:aws:lambda:", settings_.surroundings.region, ":", settings_.surroundings.account,
              ":function:", call->function)}};
  if (!event.client_context.empty())
    headers.push_back({"Lambda-Runtime-Client-Context", event.client_context});
  connection->waits_for_event = false;
  process.state = Process::State::busy;
  process.began = Steady::now();
  by_id_[event.id] = &process;
  // Whoever does not take it is seen by the loop to have gone.
  connection->answer(200, std::move(headers), event.payload);
  if (!connection->unsent.empty()) rewatch(*connection);
  process.call = std::move(call);
  working_.insert(&process);
  set_due(process, process.began + limit);
}

// The process has asked for an event.
void Host::take_next(Process& process) {
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  const auto now = Steady::now();
  if (process.state == Process::State::starting) {
    process.was_ready = true;
    process.initialised_in = now - process.began;
    --fleet.starting;
  } else if (process.state == Process::State::settling) {
    --fleet.settling;
  }
  process.state = Process::State::idle;
  working_.erase(&process);
  if (!is_current(*process.definition) || is_draining_) {
    end(process, SIGTERM, std::nullopt);
    return start_missing(process.definition->name, fleet);
  }
  if (!fleet.waiting.empty()) {
    auto call = std::move(fleet.waiting.front());
    fleet.waiting.pop_front();
    return hand(process, std::move(call));
  }
  fleet.idle.push_back(&process);
  set_due(process, now + settings_.idle_limit);
}

// The function has answered; its process comes back for the next event by itself.
void Host::complete(Process& process, Answer answer) {
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  process.hear(fleet.log);
  const auto now = Steady::now();
  constexpr auto often_enough = milliseconds(100);
  if (now - process.measured > often_enough) measure(process);
  answer.log_tail = write_report(process, fleet);
  process.initialised_in.reset();
  process.state = Process::State::settling;
  ++fleet.settling;
  set_due(process, now + settings_.idle_limit);
  settle(std::move(process.call), std::move(answer));
}

// Writes the end of the call into the log; the end of all that it has now about the call.
std::string Host::write_report(Process& process, Fleet& fleet) {
  constexpr size_t tail_bytes = 4096;  // as the service has it
  const std::string report = process.report(Steady::now());
  fleet.log.append_line(report);
  fleet.log.flush();
  const bool is_inside_line = !process.heard.empty() && !process.heard.ends_with('\n');
  std::string tail = concat("START RequestId: ", process.call->event.id, " Version: $LATEST\n",
                            process.heard, is_inside_line ? "\n" : "", report, "\n");
  if (tail.size() > tail_bytes) tail.erase(0, tail.size() - tail_bytes);
  return tail;
}

// One process for each call that waits, those counted that will come by themselves.
void Host::start_missing(const std::string& name, Fleet& fleet) {
  if (is_draining_ || !fleet.definition) return;
  while (static_cast<size_t>(fleet.starting + fleet.settling) < fleet.waiting.size())
    start_one(name, fleet);
}

void Host::start_one(const std::string& name, Fleet& fleet) {
  ++fleet.starting;
  ++starts_open_;
  make_room();
  starts_.add([this, name, definition = fleet.definition] {
    auto launched = launcher_.launch(*definition);
    in_turn([&] { adopt(name, definition, std::move(launched)); });
  });
}

// Where there are as many processes as calls may run, the one goes that has been idle longest.
void Host::make_room() {
  if (processes_.size() + starts_open_ <= static_cast<size_t>(admission_.account_limit())) return;
  for (const auto& [due, process] : dues_)
    if (process->state == Process::State::idle) return end(*process, SIGTERM, std::nullopt);
}

void Host::adopt(const std::string& name, const DefinitionPointer& definition,
                 Result<Launched> launched) {
  --starts_open_;
  Fleet& fleet = fleets_.find(name)->second;
  if (!launched) {
    --fleet.starting;
    const Error& error = launched.error();
    log(LogLevel::warning, "a process of a function cannot be started",
        {{"function", name}, {"error", error.text()}});
    const bool is_own_fault = error.kind() == invalid_entrypoint;
    if (!fleet.waiting.empty() && is_current(*definition)) {
      const std::string& id = fleet.waiting.front()->event.id;
      fail_first_waiting(fleet, error_answer(is_own_fault ? error.kind() : "ServiceException",
                                             concat("RequestId: ", id, " Error: ", error.text())));
    }
    start_missing(name, fleet);
    return emptied_.notify_all();
  }
  auto process = std::make_unique<Process>(definition, *std::move(launched));
  Process& adopted = *process;
  processes_.emplace(&adopted, std::move(process));
  working_.insert(&adopted);
  watch_process(adopted);
  set_due(adopted, adopted.began + initialisation_limit(*definition));
  if (is_draining_ || !fleet.definition) end(adopted, SIGKILL, std::nullopt);
}

void Host::fail_first_waiting(Fleet& fleet, Answer answer) {
  if (fleet.waiting.empty()) return;
  auto call = std::move(fleet.waiting.front());
  fleet.waiting.pop_front();
  settle(std::move(call), std::move(answer));
}

}  // namespace pawl::functions::processes
