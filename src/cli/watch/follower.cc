#include "cli/watch/follower.h"

#include <algorithm>

#include "base/arn.h"
#include "base/text.h"
#include "cli/output.h"
#include "cli/units.h"
#include "cli/watch/retry_reason.h"
#include "json/parse.h"

namespace pawl::cli {
namespace {

using json::Value;

bool is_batch(const Value& input) {
  return input.find("databases") != nullptr || input.find("DatabaseList") != nullptr;
}

std::string machine_name_of(const std::string& execution_arn) {
  const auto pieces = parse_arn(execution_arn).value_or(Arn()).resource_pieces();
  return pieces.size() > 1 ? std::string(pieces[1]) : std::string();
}

std::string cluster_of(const Value& object) {
  return object.string_at("cluster_name")
      .value_or(object.string_at("source_cluster_id").value_or(""));
}

std::string target_of(const Value& object, const std::string& cluster) {
  return object.string_at("target_cluster")
      .value_or(object.string_at("target_cluster_id").value_or(cluster));
}

// Of what goes on at once, that which says how far it is; otherwise what began last.
const Value* leading(const std::vector<Value>& activities) {
  const Value* best = nullptr;
  for (const Value& activity : activities) {
    const bool has_progress = activity.find("progress") != nullptr;
    const bool best_has = best != nullptr && best->find("progress") != nullptr;
    if (best == nullptr || (has_progress && !best_has)) {
      best = &activity;
    } else if (has_progress == best_has &&
               activity.number_at("since").value_or(0) > best->number_at("since").value_or(0)) {
      best = &activity;
    }
  }
  return best;
}

void show_activity(Row& row, const Value& activity, Instant now) {
  row.phase = phase_of(activity);
  row.state = RowState::running;
  row.amount.reset();
  row.due.reset();
  if (const auto due = activity.number_at("due")) row.due = from_epoch(*due);
  const Value progress = activity["progress"];
  if (!progress.is_object()) return;
  const auto count = [&](const char* name) {
    return static_cast<uint64_t>(std::max<int64_t>(0, progress.integer_at(name).value_or(0)));
  };
  const std::string measured = concat(row.phase, progress.integer_at("total").value_or(0));
  if (row.measured != measured) row.meter = RateMeter();
  row.measured = measured;
  row.amount = Amount{count("done"), count("total"), progress.string_at("unit").value_or("")};
  row.meter.observe(now, row.amount->done);
}

void show_waiting(Row& row) {
  row.state = RowState::waiting;
  row.phase = "waiting";
  row.amount.reset();
}

// Between the end of its execution and its result a row goes on saying what was done last.
bool is_open(const Row& row) {
  return row.state == RowState::waiting || row.state == RowState::running;
}

// A row of the batch's report; what a running one is doing, its execution says.
void show_result(Row& row, const Value& result) {
  const std::string status = result.string_at("status").value_or("PENDING");
  row.attempt = std::max<int64_t>(1, result.integer_at("attempts").value_or(row.attempt));
  row.error = result.string_at("error").value_or("");
  row.cause = result.string_at("cause").value_or("");
  row.due.reset();
  row.retry.reset();
  if (const auto error = result.string_at("last_error")) {
    const std::string cause = result.string_at("last_cause").value_or("");
    row.retry = Retry{"restore", row.attempt - 1, concat(*error, ": ", cause)};
  }
  if (const auto took = result.number_at("seconds")) {
    row.took = Duration(static_cast<int64_t>(*took * 1e6));
  }
  if (status == "SUCCEEDED") {
    row.state = RowState::done;
    row.phase = "restored";
  } else if (status == "FAILED") {
    row.state = RowState::failed;
    row.phase = "failed";
  } else if (status == "SKIPPED") {
    row.state = RowState::skipped;
    row.phase = "not started";
  } else if (status == "STOPPED") {
    row.state = RowState::skipped;
    row.phase = "stopped";
  } else if (status == "PENDING" || row.phase.empty()) {
    show_waiting(row);
  }
}

}  // namespace

Follower::Follower(const Client& client, std::string arn) : client_(client) {
  picture_.machine = machine_name_of(arn);
  picture_.arn = std::move(arn);
}

Row& Follower::row_named(const std::string& name) {
  for (Row& row : picture_.rows) {
    if (row.name == name) return row;
  }
  picture_.rows.emplace_back();
  picture_.rows.back().name = name;
  return picture_.rows.back();
}

Result<void> Follower::describe() {
  const Value execution =
      TRY(client_.call("Pawl.DescribeExecution", Value::object({{"executionArn", picture_.arn}})));
  picture_.name = execution.string_at("name").value_or(picture_.arn);
  picture_.status = execution.string_at("status").value_or("");
  const double started = execution.number_at("startDate").value_or(0);
  // What was waited for before a redrive says nothing about how long it takes.
  picture_.started = from_epoch(execution.number_at("redriveDate").value_or(started));
  if (const auto stopped = execution.number_at("stopDate")) picture_.stopped = from_epoch(*stopped);
  picture_.error = execution.string_at("error").value_or("");
  picture_.cause = execution.string_at("cause").value_or("");
  picture_.output = execution.string_at("output").value_or("");
  if (picture_.input.empty()) {
    picture_.input = execution.string_at("input").value_or("{}");
    const auto input = json::parse(picture_.input);
    if (input) input_ = *input;
  }
  return {};
}

Result<std::vector<Value>> Follower::activities_of(const std::string& arn) const {
  const Value answer =
      TRY(client_.call("Pawl.DescribeActivities", Value::object({{"executionArn", arn}})));
  const Value list = answer["activities"];
  if (!list.is_array()) return std::vector<Value>();
  return std::vector<Value>(list.elements().begin(), list.elements().end());
}

Result<void> Follower::look(Instant now) {
  TRY(describe());
  std::vector<Value> activities;
  if (!picture_.has_ended()) activities = TRY(activities_of(picture_.arn));
  if (is_batch(input_)) return look_at_batch(activities, now);
  return cluster_of(input_).empty() ? look_at_states(activities, now)
                                    : look_at_database(activities, now);
}

Result<const Follower::Child*> Follower::child_of(const std::string& arn) {
  if (const auto found = children_.find(arn); found != children_.end()) return &found->second;
  const Value execution =
      TRY(client_.call("Pawl.DescribeExecution", Value::object({{"executionArn", arn}})));
  const auto input = json::parse(execution.string_at("input").value_or("{}"));
  Child child;
  if (input) child = {cluster_of(*input), target_of(*input, cluster_of(*input))};
  return &children_.emplace(arn, std::move(child)).first->second;
}

Result<std::optional<Retry>> Follower::retry_of(const std::string& arn,
                                                const std::vector<Value>& activities) {
  for (const Value& activity : activities) {
    const int64_t failures = activity.integer_at("attempt").value_or(0);
    if (failures <= 0) continue;
    const std::string state = activity.string_at("state").value_or("");
    const std::string key = concat(arn, "/", state, "/", failures);
    auto known = reasons_.find(key);
    if (known == reasons_.end()) {
      known = reasons_.emplace(key, TRY(retry_reason(client_, arn, state))).first;
    }
    Retry retry{phase_of(activity), failures, known->second};
    if (const auto due = activity.number_at("due")) retry.due = from_epoch(*due);
    return std::optional(std::move(retry));
  }
  return std::optional<Retry>();
}

Result<void> Follower::look_at_batch(const std::vector<Value>& activities, Instant now) {
  const std::string id = input_.string_at("batch_id").value_or(picture_.name);
  const auto report = client_.invoke("pawl-batch-report", Value::object({{"batch_id", id}}));
  if (!report) {
    // Before its plan is made a batch is not known; afterwards it is there for ever.
    const bool is_early =
        report.error().code() == ErrorCode::not_found || report.error().code() == ErrorCode::failed;
    if (!is_early) return report.error();
    return {};
  }
  std::map<std::pair<std::string, std::string>, std::string> names;
  const Value results = (*report)["results"];
  if (!results.is_array()) return {};
  for (const Value& result : results.elements()) {
    const std::string name = result.string_at("database").value_or(cluster_of(result));
    names[{cluster_of(result), target_of(result, cluster_of(result))}] = name;
    Row& row = row_named(name);
    show_result(row, result);
  }
  for (const Value& activity : activities) {
    const auto arn = activity.string_at("childExecutionArn");
    if (!arn || arn->empty()) {
      show_wait(activity, results);
      continue;
    }
    const Child& child = *TRY(child_of(*arn));
    const auto doing = TRY(activities_of(*arn));
    const Value* leader = leading(doing);
    const auto known = names.find({child.cluster, child.target});
    Row& row = row_named(known == names.end() ? child.cluster : known->second);
    if (leader != nullptr && is_open(row)) show_activity(row, *leader, now);
    if (auto retry = TRY(retry_of(*arn, doing))) row.retry = std::move(retry);
  }
  return {};
}

// A database that waits for its turn, or for its next try; `results` are in the order of the map.
void Follower::show_wait(const Value& activity, const Value& results) {
  const Value iteration = activity["iteration"];
  const auto due = activity.number_at("due");
  if (!due || !iteration.is_array() || iteration.size() == 0) return;
  const auto index = static_cast<size_t>(iteration.elements()[0].integer());
  if (index >= results.size()) return;
  const Value& result = results.elements()[index];
  Row& row = row_named(result.string_at("database").value_or(cluster_of(result)));
  show_waiting(row);
  row.due = from_epoch(*due);
  if (row.retry) row.retry->due = row.due;
}

Result<void> Follower::look_at_database(const std::vector<Value>& activities, Instant now) {
  Row& row = row_named(target_of(input_, cluster_of(input_)));
  if (const Value* leader = leading(activities)) show_activity(row, *leader, now);
  if (row.phase.empty()) row.phase = "starting";
  row.retry = TRY(retry_of(picture_.arn, activities));
  if (!picture_.has_ended()) return {};
  const bool is_done = picture_.status == "SUCCEEDED";
  row.state = is_done ? RowState::done : RowState::failed;
  row.phase = is_done ? "restored" : "failed";
  row.error = picture_.error;
  row.cause = picture_.cause;
  row.took = picture_.stopped.value_or(now) - picture_.started;
  return {};
}

Result<void> Follower::look_at_states(const std::vector<Value>& activities, Instant now) {
  const std::vector<Row>& before = picture_.rows;
  std::vector<Row> rows;
  for (const Value& activity : activities) {
    std::string name = activity.string_at("state").value_or("?");
    const Value iteration = activity["iteration"];
    if (iteration.is_array()) {
      for (const Value& index : iteration.elements()) name += concat("[", plain(index), "]");
    }
    const auto old = std::find_if(before.begin(), before.end(),
                                  [&](const Row& row) { return row.name == name; });
    Row row = old == before.end() ? Row{} : *old;
    row.name = std::move(name);
    show_activity(row, activity, now);
    const bool waits = activity.string_at("type") == "Wait" || row.due.has_value();
    row.phase = waits ? "waiting" : "running";
    row.attempt = activity.integer_at("attempt").value_or(0) + 1;
    row.retry = TRY(retry_of(picture_.arn, {activity}));
    rows.push_back(std::move(row));
  }
  picture_.rows = std::move(rows);
  return {};
}

}  // namespace pawl::cli
