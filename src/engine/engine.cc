#include "engine/engine.h"

#include "base/text.h"
#include "engine/beside/commands.h"
#include "engine/limits.h"
#include "engine/loop.h"

namespace pawl::engine {
namespace {

// A command that the loop does not take is refused here and now.
template <typename Command>
void submit(Inbox& inbox, Command command) {
  const Result<void> pushed = inbox.push_command(command);
  if (!pushed.has_value() && command.reply) command.reply(pushed.error());
}

}  // namespace

Engine::Engine(Options options, store::Store& store, world::Clock& clock, world::Random& random)
    : loop_(std::make_unique<Loop>(std::move(options), store, clock, random)) {}

Engine::~Engine() { stop(); }

void Engine::add_runner(TaskRunner& runner) {
  CHECK(!loop_->thread.joinable());
  loop_->runners.push_back(&runner);
}

TaskReports& Engine::reports() { return *loop_; }

Result<void> Engine::start() {
  TRY(recover());
  loop_->thread = std::thread([this] { loop_->run(); });
  return {};
}

void Engine::stop() {
  loop_->refuse_waiting(server_is_stopping());
  if (loop_->thread.joinable()) loop_->thread.join();
  loop_->send_away();
}

const std::optional<Error>& Engine::failure() const { return loop_->failure; }

bool Engine::is_running() const { return !loop_->inbox.is_closed(); }

Result<void> Engine::readiness() const {
  if (auto refusal = loop_->inbox.refusal()) return *std::move(refusal);
  const auto lasts = loop_->turn_lasts();
  if (lasts <= turn_time_max) return {};
  return Error(ErrorCode::unavailable,
               concat("the engine has been busy with one turn for ", format_duration(lasts)));
}

Result<size_t> Engine::turn() { return loop_->run_turn(); }
Result<void> Engine::recover() { return loop_->recover(); }
std::optional<Instant> Engine::next_timer() const { return loop_->next_timer(); }

void Engine::create_machine(NewMachine machine, Reply<store::Machine> reply) {
  submit(loop_->inbox, CreateMachine{std::move(machine), std::move(reply)});
}

void Engine::update_machine(MachineChange change, Reply<store::Machine> reply) {
  submit(loop_->inbox, UpdateMachine{std::move(change), std::move(reply)});
}

void Engine::delete_machine(std::string arn, Reply<void> reply) {
  submit(loop_->inbox, DeleteMachine{std::move(arn), std::move(reply)});
}

void Engine::start_execution(NewExecution execution, Reply<Started> reply) {
  submit(loop_->inbox, StartExecution{std::move(execution), std::move(reply)});
}

void Engine::run_execution(NewExecution execution, Reply<store::Execution> reply) {
  submit(loop_->inbox, RunExecution{std::move(execution), std::move(reply)});
}

template <typename Request>
void Engine::ask(Request request, Reply<typename Request::Answer> reply) {
  submit(loop_->inbox, Ask<Request>{std::move(request), std::move(reply)});
}

template void Engine::ask(PublishVersion, Reply<store::Version>);
template void Engine::ask(DeleteVersion, Reply<void>);
template void Engine::ask(CreateAlias, Reply<store::Alias>);
template void Engine::ask(UpdateAlias, Reply<store::Alias>);
template void Engine::ask(DeleteAlias, Reply<void>);
template void Engine::ask(CreateActivity, Reply<store::Activity>);
template void Engine::ask(DeleteActivity, Reply<void>);
template void Engine::ask(ChangeTags, Reply<void>);
template void Engine::ask(PollActivity, Reply<ActivityTask>);
template void Engine::ask(AnswerToken, Reply<void>);
template void Engine::ask(RedriveExecution, Reply<Instant>);
template void Engine::ask(ChangeMapRun, Reply<void>);
template void Engine::ask(KeepRows, Reply<void>);

void Engine::stop_execution(std::string arn, std::string error, std::string cause,
                            Reply<Instant> reply) {
  submit(loop_->inbox,
         StopExecution{std::move(arn), std::move(error), std::move(cause), std::move(reply)});
}

void Engine::activities(std::string execution_arn, Reply<std::vector<LiveActivity>> reply) {
  submit(loop_->inbox, ListActivities{std::move(execution_arn), std::move(reply)});
}

const Options& Engine::options() const { return loop_->options; }

}  // namespace pawl::engine
