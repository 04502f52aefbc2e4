#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "cli/watch/watch.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

// One execution, or, by the machine "redrive" of the server, all that a query finds: so it goes on
// whatever becomes of this process, and leaves a report.
class ExecutionRedrive : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.optional_positional("EXECUTION", execution_, "ARN, name, or MACHINE/NAME");
    arguments.option("--machine", machine_, "all of this machine that ended badly; name or ARN");
    arguments.option("--status", statuses_,
                     "FAILED, TIMED_OUT or ABORTED; may be repeated (FAILED and TIMED_OUT)");
    arguments.option("--error", error_, "only with this error; * stands for any text");
    arguments.option("--since", since_, "only those started since, such as 2026-01-31T12:00:00Z");
    arguments.number("-n,--limit", limit_, {1, 1'000'000}, "at most so many, oldest first (all)");
    arguments.number("--rate", rate_, {1, 1000}, "so many a second (10)");
    arguments.flag("--dry-run", is_dry_run_, "only show which ones");
    arguments.flag("--no-wait", goes_on_, "do not wait for the report");
  }

  Result<int> run(const Session& session) override {
    TRY(check_words());
    return execution_.empty() ? redrive_all(session) : redrive_one(session);
  }

 private:
  // Before anything is started, so that what cannot be leaves nothing behind.
  Result<void> check_words() const {
    if (execution_.empty() && machine_.empty())
      return Error(ErrorCode::invalid_argument, "either EXECUTION or --machine must be given")
          .with_hint("pawl execution redrive --machine NAME --dry-run shows which ones would be.");
    if (!execution_.empty() && !machine_.empty())
      return Error(ErrorCode::invalid_argument,
                   concat("both EXECUTION (", execution_, ") and --machine (", machine_,
                          ") were given; only one can be"))
          .with_hint(concat("One execution of the machine is ", machine_, "/", execution_, "."));
    for (const std::string& status : statuses_)
      if (status != "FAILED" && status != "TIMED_OUT" && status != "ABORTED")
        return Error(ErrorCode::invalid_argument,
                     concat("--status is FAILED, TIMED_OUT or ABORTED, not ", status));
    if (!since_.empty() && !parse_instant(since_))
      return Error(ErrorCode::invalid_argument, concat("--since is no time: ", since_))
          .with_hint(
              "It is a day and a time with its zone, such as 2026-01-31T12:00:00Z or "
              "2026-01-31T13:00:00+01:00.");
    return {};
  }

  Result<int> redrive_one(const Session& session) const {
    const auto arn = TRY(execution_arn(session.client, execution_));
    const auto answer = TRY(session.client.call("AWSStepFunctions.RedriveExecution",
                                                json::Value::object({{"executionArn", arn}})));
    if (session.wants_json()) session.show(with_moments(answer.with("executionArn", arn)));
    session.remark(concat("redriven ", arn, "; watch it with: pawl execution watch ", arn));
    return exit_done;
  }

  Result<int> redrive_all(const Session& session) const {
    const auto input = TRY(query(session.client));
    // Looking leaves nothing behind: no execution is started for it.
    if (is_dry_run_) {
      return show_report(session, TRY(session.client.invoke("pawl-redrive-find", input)));
    }
    const auto machine = TRY(machine_arn(session.client, "redrive"));
    const auto started = TRY(session.client.call(
        "AWSStepFunctions.StartExecution",
        json::Value::object({{"stateMachineArn", machine}, {"input", json::write(input)}})));
    const std::string arn = started.string_at("executionArn").value_or("");
    if (goes_on_) {
      session.wants_json() ? session.show(with_moments(started))
                           : session.terminal.print(arn + "\n");
      return exit_done;
    }
    const Watched watched =
        TRY(watch_to_end(session, arn, {.is_silent = !session.terminal.is_interactive()}));
    if (watched.picture.status != "SUCCEEDED") return conclude_watch(session, watched);
    return show_report(session, TRY(json::parse(watched.picture.output)));
  }

  Result<json::Value> query(const Client& client) const {
    const std::string machine = TRY(machine_arn(client, machine_));
    auto input = json::Value::object({{"machine", machine}, {"dry_run", is_dry_run_}});
    json::Value::Array statuses(statuses_.begin(), statuses_.end());
    if (!statuses.empty()) input = input.with("statuses", json::Value(std::move(statuses)));
    if (!error_.empty()) input = input.with("error", error_);
    if (!since_.empty()) input = input.with("since", since_);
    if (limit_) input = input.with("limit", *limit_);
    if (rate_) input = input.with("rate", *rate_);
    return input;
  }

  Result<int> show_report(const Session& session, const json::Value& report) const {
    Listing listing;
    for (const json::Value& row : report["executions"].elements()) listing.rows.push_back(row);
    listing.columns = {{"EXECUTION", text_of("execution")}};
    if (is_dry_run_) {
      listing.columns.push_back({"STATUS", text_of("status")});
      listing.columns.push_back({"ERROR", text_of("error")});
    } else {
      listing.columns.push_back({"REDRIVEN", text_of("redriven")});
      listing.columns.push_back({"REASON", text_of("reason")});
    }
    listing.name_member = "execution";
    listing.when_empty = "no executions ended so";
    session.show(listing);
    if (is_dry_run_) return exit_done;
    const int64_t refused = report.integer_at("refused").value_or(0);
    session.remark(concat(plain(report["redriven"]), " of ", plain(report["found"]), " redriven"));
    return refused == 0 ? exit_done : exit_partly;
  }

  std::string execution_, machine_, error_, since_;
  std::vector<std::string> statuses_;
  std::optional<int64_t> limit_, rate_;
  bool is_dry_run_ = false, goes_on_ = false;
};

}  // namespace

std::unique_ptr<Verb> execution_redrive() { return std::make_unique<ExecutionRedrive>(); }

}  // namespace pawl::cli
