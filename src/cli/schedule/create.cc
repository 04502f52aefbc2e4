#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/schedule/expression.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ScheduleCreate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the new schedule");
    arguments.option("--cron", asked_.cron,
                     "minutes hours day-of-month month day-of-week year: \"0 2 ? * SUN *\"");
    arguments.option("--rate", asked_.rate, "every so often: 5m, 2h, 1d");
    arguments.option("--at", asked_.at, "once, at a local time: 2026-11-22T02:00:00");
    arguments.option("--timezone", timezone_, "whose local time it is (UTC): Europe/Zurich");
    arguments.option("--machine", machine_, "the machine it starts: name or ARN, or NAME:ALIAS");
    arguments.option("-i,--input", input_, "of each execution: JSON, @FILE, or -");
    arguments.choice("--catch-up", catch_up_, {"none", "last", "all"},
                     "what was missed while the server was down: none, last (one run), all");
    arguments.option("--description", description_, "what it is for");
    arguments.flag("--disabled", is_disabled_, "not to run before it is enabled");
  }

  Result<int> run(const Session& session) override {
    if (machine_.empty())
      return Error(ErrorCode::invalid_argument, "--machine is missing",
                   "`pawl machine list` shows what a schedule may start.");
    const std::string expression = TRY(expression_of(asked_));
    const auto input = TRY(text_argument(input_));
    if (auto value = parse_json(input, source_of(input_)); !value)
      return std::move(value).error().with_hint(
          "Quote JSON for the shell: --input '{\"name\": \"value\"}'.");
    const auto next = TRY(next_times(expression, timezone_, 1));
    const auto machine = TRY(machine_arn(session.client, machine_));
    const auto answer =
        TRY(session.client.call("Pawl.CreateSchedule", request(expression, machine, input)));
    if (session.wants_json())
      session.show(answer);
    else
      session.terminal.print(plain(answer["ScheduleArn"]) + "\n");
    if (next.empty()) session.remark("it is never due: its time has passed");
    return exit_done;
  }

 private:
  json::Value request(const std::string& expression, const std::string& machine,
                      const std::string& input) const {
    return json::Value::object(
        {{"Name", name_},
         {"Description", description_},
         {"ScheduleExpression", expression},
         {"ScheduleExpressionTimezone", timezone_},
         {"State", is_disabled_ ? "DISABLED" : "ENABLED"},
         {"FlexibleTimeWindow", json::Value::object({{"Mode", "OFF"}})},
         {"Target", json::Value::object({{"Arn", machine},
                                         {"RoleArn", "arn:aws:iam::000000000000:role/pawl"},
                                         {"Input", input}})},
         {"CatchUp", catch_up_ == "none"  ? "NONE"
                     : catch_up_ == "all" ? "ALL"
                                          : "LAST"}});
  }

  std::string name_, timezone_ = "UTC", machine_, input_ = "{}", catch_up_ = "last", description_;
  AskedTime asked_;
  bool is_disabled_ = false;
};

}  // namespace

std::unique_ptr<Verb> schedule_create() { return std::make_unique<ScheduleCreate>(); }

}  // namespace pawl::cli
