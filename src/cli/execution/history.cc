#include <algorithm>

#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

// The member that says what happened: "taskFailedEventDetails" and the like.
json::Value details_of(const json::Value& event) {
  for (const auto& [name, value] : event.members()) {
    if (name.ends_with("EventDetails")) return value;
  }
  return json::Value::object();
}

std::string summary_of(const json::Value& event) {
  const json::Value details = details_of(event);
  std::vector<std::string> pieces;
  for (const char* member : {"name", "resource", "error", "cause"}) {
    if (const auto text = details.string_at(member)) pieces.push_back(*text);
  }
  if (const auto index = details.integer_at("index")) pieces.push_back(concat("#", *index));
  return join(pieces, "  ");
}

class ExecutionHistory : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("EXECUTION", execution_, "ARN, name, or MACHINE/NAME");
    arguments.flag("--reverse", is_reverse_, "newest first");
    arguments.number("-n,--limit", limit_, {1, 10'000'000}, "at most so many events");
  }

  Result<int> run(const Session& session) override {
    const auto arn = TRY(execution_arn(session.client, execution_));
    int64_t count = 0;
    Listing listing;
    listing.rows = TRY(session.client.list(
        "Pawl.GetExecutionHistory",
        json::Value::object({{"executionArn", arn},
                             {"maxResults", std::min<int64_t>(1000, limit_.value_or(1000))},
                             {"reverseOrder", is_reverse_}}),
        "events", [&](const json::Value&) { return !limit_ || count++ < *limit_; }));
    for (json::Value& event : listing.rows) event = with_moments(event);
    listing.columns = {
        {"ID", text_of("id"), Table::Align::right},
        {"TIME", moment_of("timestamp", session.style.is_utc)},
        {"TYPE", text_of("type")},
        {"DETAILS", summary_of},
        {"DATA", [](const json::Value& event) { return json::write(details_of(event)); },
         Table::Align::left, true}};
    listing.name_member = "id";
    session.show(listing);
    return exit_done;
  }

 private:
  std::string execution_;
  bool is_reverse_ = false;
  std::optional<int64_t> limit_;
};

}  // namespace

std::unique_ptr<Verb> execution_history() { return std::make_unique<ExecutionHistory>(); }

}  // namespace pawl::cli
