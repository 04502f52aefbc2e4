#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"
#include "schedules/definition.h"
#include "schedules/run.h"
#include "schedules/times/timetable.h"

namespace pawl::schedules {

constexpr size_t runs_kept = 100;

// How a look at the clock is to be taken.
struct Look {
  Instant now;
  // Who was there when it became due runs it; later than this it was missed.
  Duration lateness_max{};
  std::string why_missed = {};
};

// To be started: the name is always the same for the same due time, so that a second start of it
// is refused.
struct Launch {
  std::string schedule;
  Instant due;
  Trigger trigger = Trigger::schedule;
  std::string machine_arn, execution_name, input;
};

// A schedule with what has become of its due times, the oldest first. Every due time has its run,
// from the moment when the schedule was created.
class Schedule {
 public:
  static Result<Schedule> create(Definition definition, Instant now);
  Result<void> change(Definition definition, Instant now);

  // As the store keeps it.
  json::Value definition_row() const;
  json::Value runs_row() const;
  static Result<Schedule> from_row(const json::Value& definition_row);
  void fold_runs(const json::Value& runs_row);

  // Gives each time that is due by now its run. False: none is.
  bool settle(const Look& look);
  void run_by_hand(Instant now);
  std::vector<Launch> launches(Instant now) const;
  // What the engine has answered.
  void launched(const Launch& launch, const Result<std::string>& execution_arn, Instant now);

  const Definition& definition() const { return definition_; }
  Instant created() const { return created_; }
  Instant changed() const { return changed_; }
  const std::vector<Run>& runs() const { return runs_; }
  const Run* run(Instant due, Trigger trigger) const;
  // When it has to be looked at again.
  std::optional<Instant> next_look() const;
  // The next due times, though it be disabled.
  std::vector<Instant> next_due(Instant now, size_t count_max) const;
  // Nothing will ever be due again, and nothing waits.
  bool is_over() const;

  // With which it was created: who asks with it again is told that it was.
  std::string client_token = {};

 private:
  Schedule(Definition definition, Timetable table);
  static Result<Timetable> table_of(const Definition& definition);

  void settle_late(const std::vector<Instant>& late, const Look& look);
  bool drop_what_is_too_old(Instant now);
  void miss(Instant due, Instant now, std::string_view why);
  void add(Run run);
  // After which it is not started any more.
  Instant last_start(const Run& run) const;
  Instant start_within_window(Instant due) const;
  std::string execution_name(const Run& run) const;
  std::string execution_arn(const Run& run) const;
  std::string input_of(const Run& run) const;

  Definition definition_;
  Timetable table_;
  Instant created_, changed_;
  Instant settled_;  // all that was due up to here has its run
  std::optional<Due> next_;
  std::vector<Run> runs_;
};

}  // namespace pawl::schedules
