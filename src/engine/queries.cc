#include <algorithm>

#include "base/text.h"
#include "engine/loop.h"
#include "engine/map_runs.h"
#include "engine/names.h"
#include "engine/past.h"
#include "engine/service_errors.h"

namespace pawl::engine {

// Reads of what is durable, on the caller's thread: none of these touches what the loop owns.

Result<store::Machine> Engine::machine(const std::string& arn) {
  std::optional<store::Machine> found = TRY(loop_->store.inner().machine(arn));
  if (!found) return machine_does_not_exist(arn);
  return *std::move(found);
}

store::Catalogue& Engine::catalogue() { return loop_->store.inner(); }

namespace {

// All map runs of an execution, and the one of them that is asked for.
struct Runs {
  store::Execution execution;
  std::vector<execution::MapRun> all;
  size_t at = 0;

  FoundMapRun found() && { return {std::move(all[at]), std::move(execution)}; }
};

// What `tell` makes of the execution's past.
template <typename Tell>
auto told(store::Store& store, const store::Execution& row, Tell tell)
    -> decltype(tell(std::declval<const Past&>())) {
  const Result<Past> past = past_of(store, row);
  if (!past) return naming(row.arn, past.error());
  auto story = tell(*past);
  if (!story) return naming(row.arn, std::move(story).error());
  return story;
}

using execution::Children;

Result<std::vector<execution::MapRun>> runs_of(store::Store& store, const store::Execution& row,
                                               Children children) {
  return told(store, row, [children](const Past& past) {
    return execution::map_runs(*past.machine, past.identity, past.records, children);
  });
}

Result<Runs> runs_with(store::Store& store, const std::string& arn, Children children) {
  const auto number = execution::execution_number_of(arn);
  std::optional<store::Execution> row;
  if (number) row = TRY(store.execution_of_id(*number));
  if (!row) return resource_not_found(arn);
  auto all = TRY(runs_of(store, *row, children));
  const auto asked =
      std::find_if(all.begin(), all.end(), [&](const auto& run) { return run.arn == arn; });
  if (asked == all.end()) return resource_not_found(arn);
  const auto at = static_cast<size_t>(asked - all.begin());
  return Runs{*std::move(row), std::move(all), at};
}

// Those around a child of one of them.
Result<Runs> runs_around(store::Store& store, const execution::ChildPlace& child) {
  auto runs = runs_with(store, child.run_arn, Children::told);
  const bool is_missing = runs.has_value() ? !runs->all[runs->at].children.contains(child.index)
                                           : runs.error().code() == ErrorCode::not_found;
  if (is_missing) return execution_does_not_exist(execution::child_arn(child));
  return runs;
}

}  // namespace

Result<store::Execution> Engine::execution(const std::string& arn) {
  auto stored = TRY(stored_row(loop_->store.inner(), arn));
  if (stored) return *std::move(stored);
  const auto place = execution::parse_child_arn(arn);
  if (!place) return execution_does_not_exist(arn);
  const auto run = TRY(runs_around(loop_->store.inner(), *place)).found();
  return child_row(run, place->index);
}

Result<store::ExecutionPage> Engine::executions(const store::ExecutionQuery& query) {
  return loop_->store.inner().executions(query);
}

Result<std::vector<execution::HistoryEvent>> Engine::history(
    const std::string& execution_arn, const execution::HistoryWindow& asked) {
  execution::HistoryWindow window = asked;
  window.child = execution::parse_child_arn(execution_arn);
  const store::Execution row = window.child
                                   ? TRY(runs_around(loop_->store.inner(), *window.child)).execution
                                   : TRY(execution(execution_arn));
  return told(loop_->store.inner(), row, [&](const Past& past) {
    return execution::history(*past.machine, past.identity, past.records, window);
  });
}

Result<std::string> Engine::redrive_refusal(const store::Execution& closed) {
  // Where the row says it already, the records need not be read.
  if (closed.status == "RUNNING" || closed.status == "SUCCEEDED")
    return execution::cannot_be_redriven(closed.status);
  if (execution::parse_child_arn(closed.arn))
    return std::string("A child of a Map Run is not redriven on its own");
  return told(loop_->store.inner(), closed, [&](const Past& past) -> Result<std::string> {
    execution::Execution replayed(*past.machine, past.identity);
    for (const std::string& record : past.records) TRY(replayed.replay(record));
    return replayed.redrive_refusal(loop_->options.events_max);
  });
}

Result<std::vector<execution::MapRun>> Engine::map_runs(const std::string& execution_arn) {
  const auto place = execution::parse_child_arn(execution_arn);
  auto all =
      place ? TRY(runs_around(loop_->store.inner(), *place)).all
            : TRY(runs_of(loop_->store.inner(), TRY(execution(execution_arn)), Children::counted));
  std::erase_if(all,
                [&](const auto& run) { return run.child_arn != (place ? execution_arn : ""); });
  return all;
}

Result<FoundMapRun> Engine::map_run(const std::string& arn, Children children) {
  return TRY(runs_with(loop_->store.inner(), arn, children)).found();
}

Result<store::Machine> Engine::machine_of_execution(const std::string& execution_arn) {
  const auto child = execution::parse_child_arn(execution_arn);
  store::Execution found =
      child ? processor_row(TRY(runs_around(loop_->store.inner(), *child)).found())
            : TRY(execution(execution_arn));
  return store::Machine{.arn = found.machine_arn,
                        .name = std::string(name_in_arn(found.machine_arn)),
                        .definition = std::move(found.definition),
                        .role_arn = std::move(found.role_arn),
                        .type = std::move(found.type),
                        .status = "ACTIVE",
                        .revision_id = std::move(found.revision_id),
                        .created = found.started,
                        .updated = found.machine_updated.value_or(found.started),
                        .settings = std::move(found.settings)};
}

}  // namespace pawl::engine
