#include "base/text.h"
#include "base/time.h"
#include "cli/names.h"
#include "cli/units.h"
#include "cli/verbs.h"
#include "cli/watch/picture.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

// A JSON text on lines of its own; other texts as they are.
std::string indented(const std::string& text) {
  const auto value = json::parse(text);
  return "  " + replace_all(value ? json::write_pretty(*value) : text, "\n", "\n  ") + "\n";
}

std::string activity_line(const json::Value& activity, bool is_utc) {
  std::string line = concat("  ", plain(activity["state"]), "  ", plain(activity["type"]),
                            "  since ", moment_text(activity["since"], is_utc));
  if (activity.find("due") != nullptr) {
    line += concat("  until ", moment_text(activity["due"], is_utc));
  }
  if (const auto attempt = activity.integer_at("attempt").value_or(0); attempt > 0) {
    line += concat("  attempt ", attempt + 1);
  }
  const json::Value progress = activity["progress"];
  if (progress.is_object()) {
    line += "  " + amount_text({static_cast<uint64_t>(progress.integer_at("done").value_or(0)),
                                static_cast<uint64_t>(progress.integer_at("total").value_or(0)),
                                progress.string_at("unit").value_or("")});
  }
  if (const auto child = activity.string_at("childExecutionArn")) line += "  " + *child;
  return line + "\n";
}

class ExecutionShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("EXECUTION", execution_, "ARN, name, or MACHINE/NAME");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(execution_arn(session.client, execution_));
    const auto asked = json::Value::object({{"executionArn", arn}});
    const auto execution = TRY(session.client.call("Pawl.DescribeExecution", asked));
    json::Value activities = json::Value::array();
    if (execution["status"] == "RUNNING") {
      activities = TRY(session.client.call("Pawl.DescribeActivities", asked))["activities"];
    }
    if (session.wants_json()) {
      session.show(with_moments(execution.with("activities", activities)));
    } else {
      session.terminal.print(describe(execution, activities, session.style.is_utc));
    }
    return exit_done;
  }

 private:
  static std::string describe(const json::Value& execution, const json::Value& activities,
                              bool is_utc) {
    // The texts come first: they may be long, and what one looks for stands at the end.
    std::string out = "input\n" + indented(execution.string_at("input").value_or(""));
    if (const auto output = execution.string_at("output")) out += "output\n" + indented(*output);
    if (const auto cause = execution.string_at("cause")) out += "cause\n" + indented(*cause);
    if (activities.is_array() && activities.size() > 0) {
      out += "now\n";
      for (const auto& activity : activities.elements()) out += activity_line(activity, is_utc);
    }
    out +=
        concat("name     ", plain(execution["name"]), "\nmachine  ",
               plain(execution["stateMachineArn"]), "\narn      ", plain(execution["executionArn"]),
               "\nstarted  ", moment_text(execution["startDate"], is_utc), "\n");
    const auto stopped = execution.number_at("stopDate");
    if (stopped) {
      const Duration took =
          from_epoch(*stopped) - from_epoch(execution.number_at("startDate").value_or(0));
      out += concat("stopped  ", moment_text(execution["stopDate"], is_utc), " (",
                    format_duration(took), ")\n");
    }
    if (const auto error = execution.string_at("error")) out += concat("error    ", *error, "\n");
    return out + concat("status   ", plain(execution["status"]), "\n");
  }

  std::string execution_;
};

}  // namespace

std::unique_ptr<Verb> execution_show() { return std::make_unique<ExecutionShow>(); }

}  // namespace pawl::cli
