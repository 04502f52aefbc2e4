#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

Value first_of(const Value& list) {
  return list.is_array() && list.size() > 0 ? list.elements().front() : Value();
}

class ScheduleList : public Verb {
 public:
  void declare(Arguments&) override {}

  Result<int> run(const Session& session) override {
    const Value answer = TRY(session.client.call("Pawl.ListSchedules", Value::object()));
    Listing listing;
    const Value rows = answer["Schedules"];
    if (rows.is_array())
      for (const Value& row : rows.elements()) listing.rows.push_back(with_moments(row));
    const bool is_utc = session.style.is_utc;
    listing.columns = {
        {"NAME", text_of("Name")},
        {"STATE", text_of("State")},
        {"EXPRESSION", text_of("ScheduleExpression")},
        {"TIMEZONE", text_of("ScheduleExpressionTimezone")},
        {"MACHINE", [](const Value& row) { return name_of(plain(row["Target"]["Arn"])); }},
        {"NEXT",
         [is_utc](const Value& row) {
           return row["State"] == Value("ENABLED") ? moment_text(first_of(row["NextDue"]), is_utc)
                                                   : "-";
         }},
        {"LAST",
         [is_utc](const Value& row) { return moment_text(first_of(row["Runs"])["Due"], is_utc); }},
        {"OUTCOME", [](const Value& row) { return plain(first_of(row["Runs"])["Outcome"]); }}};
    listing.name_member = "Name";
    listing.when_empty = "no schedules";
    session.show(listing);
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> schedule_list() { return std::make_unique<ScheduleList>(); }

}  // namespace pawl::cli
