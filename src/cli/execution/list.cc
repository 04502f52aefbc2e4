#include <algorithm>

#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class ExecutionList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.optional_positional("MACHINE", machine_, "name or ARN; all machines where absent");
    arguments.option("--machine", of_machine_, "the same as MACHINE");
    arguments.choice("--status", status_,
                     {"RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"},
                     "RUNNING, SUCCEEDED, FAILED, TIMED_OUT or ABORTED");
    arguments.number("-n,--limit", limit_, {1, 1'000'000}, "at most so many (100)");
  }

  Result<int> run(const Session& session) override {
    if (!machine_.empty() && !of_machine_.empty() && machine_ != of_machine_) {
      return Error(ErrorCode::invalid_argument, "MACHINE and --machine name two machines");
    }
    if (machine_.empty()) machine_ = of_machine_;
    Listing listing;
    std::vector<std::string> damaged;
    for (const std::string& arn : TRY(machine_arns(session.client, machine_))) {
      auto some = TRY(executions(session.client, arn, damaged));
      listing.rows.insert(listing.rows.end(), some.begin(), some.end());
    }
    sort_newest_first(listing.rows);
    listing.cut_to(limit());
    for (json::Value& row : listing.rows) row = with_moments(row);
    const bool is_utc = session.style.is_utc;
    listing.columns = {
        {"NAME", text_of("name")},
        {"MACHINE", [](const json::Value& row) { return name_of(plain(row["stateMachineArn"])); }},
        {"STATUS", text_of("status")},
        {"STARTED", moment_of("startDate", is_utc)},
        {"STOPPED", moment_of("stopDate", is_utc)},
        {"ARN", text_of("executionArn"), Table::Align::left, session.terminal.is_interactive()}};
    listing.name_member = "executionArn";
    listing.when_empty = "no executions";
    session.show(listing);
    if (!damaged.empty())
      session.remark(concat("not shown, because they are damaged: ", join(damaged, ", "),
                            "\n`pawl store check` tells what of them, on the server's machine"));
    return exit_done;
  }

 private:
  size_t limit() const { return static_cast<size_t>(limit_.value_or(100)); }

  // One more than are shown, where there is one.
  Result<std::vector<json::Value>> executions(const Client& client, const std::string& arn,
                                              std::vector<std::string>& damaged) const {
    auto input = json::Value::object(
        {{"stateMachineArn", arn}, {"maxResults", std::min<size_t>(limit() + 1, 1000)}});
    if (!status_.empty()) input = input.with("statusFilter", status_);
    size_t count = 0;
    return client.list(
        "Pawl.ListExecutions", input, "executions",
        [&](const json::Value&) { return count++ <= limit(); },
        [&](const json::Value& page) {
          if (!page["damaged"].is_array()) return;
          for (const json::Value& each : page["damaged"].elements())
            damaged.push_back(plain(each["executionArn"]));
        });
  }

  std::string machine_, of_machine_, status_;
  std::optional<int64_t> limit_;
};

}  // namespace

std::unique_ptr<Verb> execution_list() { return std::make_unique<ExecutionList>(); }

}  // namespace pawl::cli
