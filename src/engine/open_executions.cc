#include "engine/limits.h"
#include "engine/loop.h"
#include "engine/names.h"
#include "engine/past.h"
#include "engine/service_errors.h"
#include "engine/task_token.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::engine {
namespace {

bool is_same_input(const std::string& text, const json::Value& input) {
  const auto value = json::parse(text);
  return value.has_value() && *value == input;
}

execution::Identity identity_with_tokens(std::string_view secret, const store::Execution& row,
                                         json::Value input) {
  execution::Identity identity = identity_of(row, std::move(input));
  identity.token_prefix = token_prefix(row);
  identity.token_key = token_key(secret, row);
  if (row.type == "EXPRESS") identity.seconds_max = express_seconds_max;
  return identity;
}

}  // namespace

Result<Engine::Loop::Opened> Engine::Loop::open_execution(Request request) {
  NewExecution& asked = request.execution;
  if (asked.name.empty()) asked.name = world::make_uuid(random);
  if (!is_valid_name(asked.name)) return invalid_name(asked.name);
  if (asked.input_text.empty()) asked.input_text = json::write(asked.input);
  if (asked.input_text.size() > options.input_bytes_max) {
    return invalid_execution_input("it is larger than the limit of this server");
  }
  turn.count_bytes(asked.input_text.size());
  store::Execution row = TRY(execution_of(asked.machine_arn));
  row.arn = row.type == "EXPRESS"
                ? express_arn(row.machine_arn, asked.name, world::make_uuid(random))
                : execution_arn(row.machine_arn, asked.name);
  if (auto same = TRY(find_same(request, row.arn))) return Opened{*std::move(same), false};
  if (open.size() + asleep.size() >= options.open_executions_max) {
    return execution_limit_exceeded(options.open_executions_max);
  }

  const asl::Machine* definition = TRY(definitions.acquire(row.definition));
  row.id = next_execution_id++;
  row.name = asked.name;
  row.started_by = request.started_by;
  row.status = execution::name(execution::Status::running);
  row.started = clock.now();
  row.input = asked.input_text;
  turn.writes.push_back(store::OpenExecution{row});
  row.definition.clear();
  auto opened = std::make_unique<OpenExecution>(row, *definition,
                                                identity_with_tokens(secret, row, asked.input));
  OpenExecution& begun = *opened;
  keep_open(std::move(opened));
  decide(begun, execution::Begin{});
  return Opened{begun.row, true};
}

// An execution of that name that is as good as the new one: open and with the same input, or the
// one this very task has started before a crash.
Result<std::optional<store::Execution>> Engine::Loop::find_same(const Request& request,
                                                                const std::string& arn) {
  std::optional<store::Execution> found;
  const auto known = open_by_arn.find(arn);
  if (known != open_by_arn.end()) {
    found = open.at(known->second)->row;
  } else {
    found = TRY(stored_row(store, arn));
  }
  if (!found) return found;
  const bool is_own = !request.started_by.empty() && found->started_by == request.started_by;
  if (is_own) return found;
  if (!found->stopped && is_same_input(found->input, request.execution.input)) return found;
  return execution_already_exists(arn);
}

OpenExecution* Engine::Loop::find_open(int64_t id) {
  const auto found = open.find(id);
  return found == open.end() ? nullptr : found->second.get();
}

void Engine::Loop::keep_open(std::unique_ptr<OpenExecution> opened) {
  const int64_t id = opened->row.id;
  open_by_arn[opened->row.arn] = id;
  if (!opened->row.started_by.empty()) open_by_starter[opened->row.started_by] = id;
  open[id] = std::move(opened);
}

void Engine::Loop::forget(int64_t id) {
  const auto found = open.find(id);
  definitions.release(&found->second->machine);
  open_by_arn.erase(found->second->row.arn);
  open_by_starter.erase(found->second->row.started_by);
  open.erase(found);
}

void Engine::Loop::forget_closed() {
  for (const int64_t id : turn.closed) forget(id);
  machines_deleted.clear();
  activities_changed.clear();
  if (machines.size() > machines_kept_max) machines.clear();
}

// The execution as its records tell it.
Result<std::unique_ptr<OpenExecution>> Engine::Loop::replayed(store::Execution row) {
  const asl::Machine* definition = TRY(definitions.acquire(row.definition));
  auto opened = replayed_on(*definition, std::move(row));
  if (!opened.has_value()) definitions.release(definition);
  return opened;
}

Result<std::unique_ptr<OpenExecution>> Engine::Loop::replayed_on(const asl::Machine& definition,
                                                                 store::Execution row) {
  row.definition.clear();
  json::Value input = TRY(json::parse(row.input));
  auto opened = std::make_unique<OpenExecution>(
      row, definition, identity_with_tokens(secret, row, std::move(input)));
  for (const std::string& record : TRY(store.records(row.id))) {
    turn.count_record(record.size());
    TRY(opened->execution.replay(record));
  }
  return opened;
}

Result<void> Engine::Loop::fold_back(store::Execution row) {
  auto opened = TRY(replayed(std::move(row)));
  if (opened->execution.status() != execution::Status::running) {
    definitions.release(&opened->machine);
    return Error(ErrorCode::corrupt, "its records say that it has closed, and its row does not");
  }
  keep_open(std::move(opened));
  return {};
}

}  // namespace pawl::engine
