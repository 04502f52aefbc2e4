#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

constexpr size_t runs_shown = 10;

// "2026-11-22 02:00:00 UTC (3 times, until 2026-11-22 02:10:00 UTC)"
std::string due_text(const Value& run, bool is_utc) {
  const std::string due = moment_text(run["Due"], is_utc);
  const auto count = run.integer_at("Count");
  if (!count) return due;
  return concat(due, " (", *count, " times, until ", moment_text(run["LastDue"], is_utc), ")");
}

std::string outcome_text(const Value& run, bool is_utc) {
  std::string text = lower(plain(run["Outcome"]));
  if (run["Trigger"] == Value("CATCH_UP")) text += ", catching up";
  if (run["Trigger"] == Value("BY_HAND")) text += ", by hand";
  if (run.find("NextAttempt") != nullptr)
    text += concat(" until ", moment_text(run["NextAttempt"], is_utc));
  return text;
}

std::string remark_of(const Value& run) {
  const auto why = run.string_at("Why");
  return why ? *why : run.string_at("ExecutionArn").value_or("-");
}

class ScheduleShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("SCHEDULE", name_, "its name");
    arguments.flag("--all", shows_all_, "all runs that are kept, not the last ten");
  }

  Result<int> run(const Session& session) override {
    const Value schedule = with_moments(
        TRY(session.client.call("Pawl.DescribeSchedule", Value::object({{"Name", name_}}))));
    if (session.wants_json())
      session.show(schedule);
    else
      session.terminal.print(for_people(schedule, session.style.is_utc));
    return exit_done;
  }

 private:
  std::string for_people(const Value& schedule, bool is_utc) const {
    std::string text =
        concat("name        ", name_, "\nstate       ", lower(plain(schedule["State"])),
               "\nexpression  ", plain(schedule["ScheduleExpression"]), " in ",
               plain(schedule["ScheduleExpressionTimezone"]), "\nmachine     ",
               name_of(plain(schedule["Target"]["Arn"])), "\ninput       ",
               plain(schedule["Target"]["Input"]), "\ncatch-up    ",
               lower(plain(schedule["CatchUp"])), "\n");
    const bool is_enabled = schedule["State"] == Value("ENABLED");
    std::string_view title = is_enabled ? "next        " : "would run   ";
    const Value next = schedule["NextDue"];
    if (next.is_array())
      for (const Value& due : next.elements()) {
        text += concat(title, moment_text(due, is_utc), "\n");
        title = "            ";
      }
    return text + runs_text(schedule["Runs"], is_utc);
  }

  std::string runs_text(const Value& runs, bool is_utc) const {
    if (!runs.is_array() || runs.size() == 0) return "no runs yet\n";
    Table table({{"DUE"}, {"OUTCOME"}, {"EXECUTION OR REASON"}});
    for (const Value& run :
         runs.elements().first(shows_all_ ? runs.size() : std::min(runs.size(), runs_shown)))
      table.add({due_text(run, is_utc), outcome_text(run, is_utc), remark_of(run)});
    return "\n" + table.render(true);
  }

  std::string name_;
  bool shows_all_ = false;
};

}  // namespace

std::unique_ptr<Verb> schedule_show() { return std::make_unique<ScheduleShow>(); }

}  // namespace pawl::cli
