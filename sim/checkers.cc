#include <algorithm>
#include <set>

#include "base/check.h"
#include "base/text.h"
#include "engine/task_id.h"
#include "json/parse.h"
#include "sim/simulation.h"

namespace pawl::sim {
namespace {

execution::Identity identity_of(const store::Execution& row) {
  return {.execution_arn = row.arn,
          .execution_name = row.name,
          .machine_arn = row.machine_arn,
          .machine_name = row.machine_arn.substr(row.machine_arn.rfind(':') + 1),
          .role_arn = row.role_arn,
          .started = row.started,
          .input = json::parse(row.input).value()};
}

bool is_same(const execution::HistoryEvent& left, const execution::HistoryEvent& right) {
  return left.id == right.id && left.previous_id == right.previous_id &&
         left.timestamp == right.timestamp && left.type == right.type &&
         left.details == right.details;
}

int64_t redrives_in(const std::vector<execution::HistoryEvent>& history) {
  return std::ranges::count(history, "ExecutionRedriven", &execution::HistoryEvent::type);
}

bool is_last(const execution::HistoryEvent& event) {
  static const std::set<std::string> types = {"ExecutionSucceeded", "ExecutionFailed",
                                              "ExecutionAborted", "ExecutionTimedOut"};
  return types.contains(event.type);
}

std::vector<store::Execution> all_executions(engine::Engine& engine) {
  std::vector<store::Execution> all;
  store::ExecutionQuery query;
  do {
    store::ExecutionPage page = engine.executions(query).value();
    CHECK(page.damaged.empty());
    std::move(page.executions.begin(), page.executions.end(), std::back_inserter(all));
    query.page.token = page.next_token;
  } while (!query.page.token.empty());
  return all;
}

}  // namespace

void Simulation::complain(std::string complaint) { complaints_.push_back(std::move(complaint)); }

// No effect before its record: what the disk holds, folded back, asks for exactly this task.
void Simulation::check_is_durable(const engine::TaskRequest& request) {
  const Undisturbed checking(storage_);
  const auto row = store_->execution(request.execution_arn).value();
  if (!row) return complain(request.id + " was started before its execution was durable");
  asl::Parsed& parsed = parsed_[row->definition];
  if (!parsed.machine) parsed = asl::parse_definition(row->definition);
  execution::Execution folded(*parsed.machine, identity_of(*row));
  const auto records = store_->records(row->id);
  for (const std::string& record : records.value()) {
    if (!folded.replay(record).has_value()) return complain(request.id + ": a corrupt record");
  }
  const std::string effect = request.id.substr(request.id.rfind('-') + 1);
  for (const execution::Effect& each : folded.pending()) {
    const auto* start = std::get_if<execution::StartTask>(&each);
    if (start != nullptr && concat(start->id) == effect) {
      if (start->input == request.input && start->attempt == request.attempt) return;
      return complain(request.id + " is asked for differently after a crash");
    }
  }
  complain(request.id + " was started before its record was durable");
}

void Simulation::remember_histories() {
  for (const store::Execution& each : all_executions(*engine_)) {
    const auto known = histories_.find(each.arn);
    if (known != histories_.end() && is_last(known->second.back()) &&
        redrives_in(known->second) == each.redrives) {
      continue;
    }
    auto history = engine_->history(each.arn);
    if (!history.has_value()) {
      complain(each.arn + ": " + history.error().text());
      continue;
    }
    histories_[each.arn] = *std::move(history);
  }
}

void Simulation::check_histories(Which which) {
  for (const auto& [arn, before] : histories_) {
    if (which == Which::open && is_last(before.back())) continue;
    const auto after = engine_->history(arn);
    const bool is_prefix = after.has_value() && after->size() >= before.size() &&
                           std::equal(before.begin(), before.end(), after->begin(), is_same);
    if (!is_prefix) complain(arn + " has another history than before");
  }
}

void Simulation::check_acknowledged() {
  for (const std::string& arn : acknowledged_) {
    if (!engine_->execution(arn).has_value()) complain(arn + " was acknowledged and is lost");
  }
}

void Simulation::check_ends() {
  std::set<std::string> starters;
  for (const store::Execution& each : all_executions(*engine_)) {
    ++executions_;
    check_end(each);
    if (each.started_by.empty()) continue;
    if (!starters.insert(each.started_by).second) {
      complain(each.started_by + " has two children");
    }
    check_outlived(each);
  }
}

// A task that waits for its child takes it along, however it ends; only "sender" does not wait, and
// what a client has redriven is nobody's child any more.
void Simulation::check_outlived(const store::Execution& child) {
  if (clock_jumps_back_ || child.redrives > 0) return;
  const auto starter = engine::parse_task_id(child.started_by);
  if (!starter) return complain(child.arn + " was started by nobody");
  for (const store::Execution& each : all_executions(*engine_)) {
    if (each.id != starter->execution_id || each.machine_arn.ends_with(":sender")) continue;
    if (child.stopped > each.stopped) complain(child.arn + " has outlived its parent");
  }
}

// Exactly one end, and one more for each redrive; the last is the last thing in the history and the
// same as in the row.
void Simulation::check_end(const store::Execution& execution) {
  if (execution.status == "RUNNING" || !execution.stopped) {
    return complain(execution.arn + " has no end");
  }
  const auto history = engine_->history(execution.arn);
  if (!history.has_value() || history->empty()) return complain(execution.arn + ": no history");
  const auto ends = std::count_if(history->begin(), history->end(), is_last);
  if (ends != 1 + execution.redrives || redrives_in(*history) != execution.redrives ||
      !is_last(history->back())) {
    complain(execution.arn + " does not end once");
  }
  std::string type = lower(history->back().type);
  if (type != "execution" + replace_all(lower(execution.status), "_", "")) {
    complain(concat(execution.arn, " is ", execution.status, " and ends with ", type));
  }
}

}  // namespace pawl::sim
