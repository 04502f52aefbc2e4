#include "base/text.h"
#include "cli/schedule/expression.h"
#include "cli/units.h"
#include "cli/verbs.h"
#include "schedules/times/zone.h"

namespace pawl::cli {
namespace {

// "2026-11-22 02:00:00" as clocks there show it.
std::string local_text(const schedules::Zone& zone, Instant instant) {
  const std::string text =
      format_instant(Instant(zone.local(instant).time_since_epoch())).substr(0, 19);
  return replace_all(text, "T", " ");
}

class ScheduleNext : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("EXPRESSION", expression_,
                         "\"cron(0 2 ? * SUN *)\", \"rate(5 minutes)\", \"at(…)\"; or the six "
                         "fields of cron alone");
    arguments.option("--timezone", timezone_, "whose local time it is (UTC): Europe/Zurich");
    arguments.number("-n,--count", count_, {1, 1000}, "so many (5)");
  }

  Result<int> run(const Session& session) override {
    if (expression_.find('(') == expression_.npos) expression_ = concat("cron(", expression_, ")");
    const auto zone = TRY(schedules::Zone::find(timezone_));
    const auto count = static_cast<size_t>(count_.value_or(5));
    Listing listing;
    for (const Instant due : TRY(next_times(expression_, timezone_, count)))
      listing.rows.push_back(json::Value::object({{"due", format_instant(due)},
                                                  {"local", local_text(zone, due)},
                                                  {"timezone", timezone_}}));
    listing.columns = {{"DUE", moment_of("due", true)},
                       {"LOCAL", text_of("local")},
                       {"TIMEZONE", text_of("timezone")}};
    listing.name_member = "due";
    listing.when_empty = "never again";
    session.show(listing);
    return exit_done;
  }

 private:
  std::string expression_, timezone_ = "UTC";
  std::optional<int64_t> count_;
};

}  // namespace

std::unique_ptr<Verb> schedule_next() { return std::make_unique<ScheduleNext>(); }

}  // namespace pawl::cli
