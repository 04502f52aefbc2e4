#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "cli/watch/watch.h"

namespace pawl::cli {
namespace {

class ExecutionStart : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("MACHINE", machine_, "name or ARN");
    arguments.option("-i,--input", input_, "JSON, @FILE, or - for standard input");
    // As on AWS.
    arguments.option("-n,--name", name_,
                     "its name; with the same input it is the same execution while that runs, and "
                     "a conflict once it has ended");
    arguments.flag("--wait", waits_, "wait for its end and print its output");
    arguments.flag("--watch", watches_, "watch it live");
    arguments.duration("--timeout", timeout_,
                       "stop waiting after this time; the execution goes on");
  }

  Result<int> run(const Session& session) override {
    const auto input = TRY(text_argument(input_));
    if (auto value = parse_json(input, source_of(input_)); !value) {
      return std::move(value).error().with_hint(
          "Quote JSON for the shell: --input '{\"name\": \"value\"}'.");
    }
    const auto machine = TRY(machine_arn(session.client, machine_));
    auto members = json::Value::object({{"stateMachineArn", machine}, {"input", input}});
    if (!name_.empty()) members = members.with("name", name_);
    const auto answer = TRY(session.client.call("AWSStepFunctions.StartExecution", members));
    const std::string arn = answer.string_at("executionArn").value_or("");
    if (!waits_ && !watches_) {
      session.wants_json() ? session.show(with_moments(answer))
                           : session.terminal.print(arn + "\n");
      return exit_done;
    }
    if (!watches_) session.remark(concat("started ", arn));
    const WatchOptions options{.timeout = timeout_, .is_silent = !watches_};
    const Watched watched = TRY(watch_to_end(session, arn, options));
    if (watched.picture.status == "SUCCEEDED" && (waits_ || session.wants_json())) {
      session.terminal.print(watched.picture.output + "\n");
    }
    return conclude_watch(session, watched);
  }

 private:
  std::string machine_, input_ = "{}", name_;
  bool waits_ = false, watches_ = false;
  std::optional<Duration> timeout_;
};

}  // namespace

std::unique_ptr<Verb> execution_start() { return std::make_unique<ExecutionStart>(); }

}  // namespace pawl::cli
