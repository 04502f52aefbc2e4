#include "schedules/schedule.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::schedules {
namespace {

using json::Value;

// What is counted one by one of a long time without anybody there.
constexpr size_t looked_at_max = 100'000;

bool is_waiting(const Run& run) { return run.outcome == Outcome::waiting; }

Instant instant_at(const Value& row, std::string_view name) {
  return Instant(Duration(row.integer_at(name).value_or(0)));
}
int64_t micros(Instant instant) { return instant.time_since_epoch().count(); }

}  // namespace

Schedule::Schedule(Definition definition, Timetable table)
    : definition_(std::move(definition)), table_(std::move(table)) {}

Result<Timetable> Schedule::table_of(const Definition& definition) {
  return Timetable{.expression = TRY(parse_expression(definition.expression)),
                   .zone = TRY(Zone::find(definition.timezone)),
                   .anchor = definition.start.value_or(Instant()),
                   .start = definition.start,
                   .end = definition.end};
}

Result<Schedule> Schedule::create(Definition definition, Instant now) {
  auto table = TRY(table_of(definition));
  Schedule schedule(std::move(definition), std::move(table));
  schedule.created_ = now;
  // "If you do not provide a StartDate for a rate-based schedule, your schedule starts invoking the
  // target immediately" (Amazon EventBridge Scheduler User Guide, "Schedule types").
  if (!schedule.definition_.start) schedule.table_.anchor = std::chrono::floor<seconds>(now);
  schedule.changed_ = now;
  schedule.settled_ = std::chrono::floor<seconds>(now) - Duration(1);
  schedule.next_ = schedule.table_.next_after(schedule.settled_);
  return schedule;
}

Result<void> Schedule::change(Definition definition, Instant now) {
  auto table = TRY(table_of(definition));
  const bool is_same_rate =
      definition.expression == definition_.expression && definition.start == definition_.start;
  if (!definition.start)
    table.anchor = is_same_rate ? table_.anchor : std::chrono::floor<seconds>(now);
  definition_ = std::move(definition);
  table_ = std::move(table);
  changed_ = now;
  // Times that the new definition would have had in the past never were.
  settled_ =
      is_same_rate ? std::max(settled_, now) : std::chrono::floor<seconds>(now) - Duration(1);
  next_ = table_.next_after(settled_);
  if (definition_.is_enabled) return {};
  for (Run& run : runs_)
    if (is_waiting(run)) {
      run.outcome = Outcome::missed;
      run.why = "the schedule was disabled";
      run.at = now;
    }
  return {};
}

Value Schedule::definition_row() const {
  return Value::object({{"definition", definition_.to_json()},
                        {"created", micros(created_)},
                        {"changed", micros(changed_)},
                        {"anchor", micros(table_.anchor)},
                        {"token", client_token}});
}

Value Schedule::runs_row() const {
  Value::Array runs;
  for (const Run& run : runs_) runs.push_back(run.to_row());
  return Value::object({{"settled", micros(settled_)}, {"runs", std::move(runs)}});
}

Result<Schedule> Schedule::from_row(const Value& row) {
  auto definition = TRY(parse_definition(row["definition"]));
  auto table = TRY(table_of(definition));
  table.anchor = instant_at(row, "anchor");
  Schedule schedule(std::move(definition), std::move(table));
  schedule.created_ = instant_at(row, "created");
  schedule.changed_ = instant_at(row, "changed");
  schedule.client_token = row.string_at("token").value_or("");
  return schedule;
}

void Schedule::fold_runs(const Value& row) {
  settled_ = instant_at(row, "settled");
  const Value runs = row["runs"];
  if (runs.is_array())
    for (const Value& run : runs.elements()) runs_.push_back(Run::from_row(run));
  next_ = table_.next_after(settled_);
}

bool Schedule::settle(const Look& look) {
  const bool has_dropped = drop_what_is_too_old(look.now);
  if (!next_ || next_->at > look.now) return has_dropped;
  const std::string too_old = concat(look.why_missed, ", and then it was too old to run");
  const Duration in_time = std::max(look.lateness_max, definition_.window);
  std::vector<Instant> late, timely;
  for (size_t looked_at = 0; next_ && next_->at <= look.now; ++looked_at) {
    const Due due = *next_;
    const Duration age = look.now - due.at;
    settled_ = due.at;
    if (looked_at == looked_at_max) settled_ = std::max(settled_, look.now - definition_.age_max);
    next_ = table_.next_after(settled_);
    if (due.is_skipped)
      miss(due.at + Duration(1), look.now, "clocks were set forward over it");
    else if (!definition_.is_enabled)
      miss(due.at, look.now, "the schedule was disabled");
    else if (age <= in_time)
      timely.push_back(due.at);
    else if (age <= definition_.age_max)
      late.push_back(due.at);
    else
      miss(due.at, look.now, too_old);
  }
  settle_late(late, look);
  for (const Instant due : timely) add({.due = due, .at = start_within_window(due)});
  return true;
}

void Schedule::settle_late(const std::vector<Instant>& late, const Look& look) {
  const size_t wanted = definition_.catch_up == CatchUp::none   ? 0
                        : definition_.catch_up == CatchUp::last ? 1
                                                                : caught_up_max;
  const size_t first_to_run = late.size() - std::min(wanted, late.size());
  const std::string why =
      wanted == 0 ? look.why_missed : concat(look.why_missed, "; a later one is caught up");
  for (size_t each = 0; each < late.size(); ++each) {
    if (each < first_to_run)
      miss(late[each], look.now, why);
    else
      add({.due = late[each], .trigger = Trigger::catch_up, .at = look.now});
  }
}

Instant Schedule::last_start(const Run& run) const {
  return run.due + definition_.window + definition_.age_max;
}

// They were left waiting by a server that went down.
bool Schedule::drop_what_is_too_old(Instant now) {
  bool has_dropped = false;
  for (Run& run : runs_) {
    if (!is_waiting(run) || now <= last_start(run)) continue;
    run.outcome = run.attempts > 0 ? Outcome::failed : Outcome::missed;
    if (run.why.empty()) run.why = "the server was down, and then it was too old to run";
    run.at = now;
    has_dropped = true;
  }
  return has_dropped;
}

void Schedule::miss(Instant due, Instant now, std::string_view why) {
  if (!runs_.empty() && runs_.back().outcome == Outcome::missed && runs_.back().why == why) {
    runs_.back().count += 1;
    runs_.back().last_due = due;
    runs_.back().at = now;
    return;
  }
  add({.due = due, .outcome = Outcome::missed, .at = now, .why = std::string(why)});
}

void Schedule::add(Run run) {
  runs_.push_back(std::move(run));
  if (runs_.size() <= runs_kept) return;
  // Those that wait are not forgotten, however many: their age bounds them.
  const auto settled = std::find_if_not(runs_.begin(), runs_.end(), is_waiting);
  if (settled != runs_.end()) runs_.erase(settled);
}

void Schedule::run_by_hand(Instant now) {
  add({.due = now, .trigger = Trigger::by_hand, .at = now});
}

const Run* Schedule::run(Instant due, Trigger trigger) const {
  const auto found = std::find_if(runs_.rbegin(), runs_.rend(), [&](const Run& run) {
    return run.due == due && run.trigger == trigger;
  });
  return found == runs_.rend() ? nullptr : &*found;
}

std::optional<Instant> Schedule::next_look() const {
  std::optional<Instant> next;
  if (next_) next = next_->at;
  for (const Run& run : runs_)
    if (is_waiting(run)) next = std::min(next.value_or(run.at), run.at);
  return next;
}

std::vector<Instant> Schedule::next_due(Instant now, size_t count_max) const {
  std::vector<Instant> found;
  auto due = table_.next_after(std::max(now, settled_));
  for (; due && found.size() < count_max; due = table_.next_after(due->at))
    if (!due->is_skipped) found.push_back(due->at);
  return found;
}

bool Schedule::is_over() const {
  return !next_ && std::none_of(runs_.begin(), runs_.end(), is_waiting);
}

}  // namespace pawl::schedules
