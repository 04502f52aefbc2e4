#include "cli/watch/watch.h"

#include "base/text.h"
#include "cli/names.h"
#include "cli/verbs.h"
#include "cli/watch/monitor.h"

namespace pawl::cli {
namespace {

class ExecutionWatch : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.optional_positional("EXECUTION", execution_, "ARN, name, or MACHINE/NAME");
    arguments.flag("--all", all_, "all executions of all machines, refreshed again and again");
    arguments.option("--machine", monitor_.machine,
                     "with --all: only of this machine; name or ARN");
    arguments.number("--hours", hours_, {1, 24 * 366}, "with --all: how far back (24)");
    arguments.duration("--refresh-interval", refresh_, "with --all: time between looks (30)");
    arguments.flag("--once", monitor_.is_once, "with --all: look once");
    arguments.duration("--reconnect-limit", reconnect_,
                       "how long to wait for a server that went away (60)");
    arguments.duration("--timeout", timeout_, "stop watching after this time");
  }

  Result<int> run(const Session& session) override {
    if (all_ != execution_.empty()) {
      return Error(
          ErrorCode::invalid_argument,
          all_ ? "--all watches all executions, and one is named" : "nothing to watch is named",
          "Write `pawl execution watch NAME` or `pawl execution watch --all`.");
    }
    if (all_) {
      if (hours_) monitor_.window = hours(*hours_);
      if (refresh_) monitor_.interval = *refresh_;
      if (reconnect_) monitor_.reconnect_limit = *reconnect_;
      return monitor(session, monitor_);
    }
    WatchOptions options{.timeout = timeout_};
    if (reconnect_) options.reconnect_limit = *reconnect_;
    const auto arn = TRY(execution_arn(session.client, execution_));
    const Watched watched = TRY(watch_to_end(session, arn, options));
    if (watched.end == WatchEnd::ended && session.wants_json()) {
      const auto ended = TRY(session.client.call("Pawl.DescribeExecution",
                                                 json::Value::object({{"executionArn", arn}})));
      session.show(with_moments(ended));
    }
    return conclude_watch(session, watched);
  }

 private:
  std::string execution_;
  bool all_ = false;
  MonitorOptions monitor_;
  std::optional<int64_t> hours_;
  std::optional<Duration> refresh_, reconnect_, timeout_;
};

}  // namespace

std::unique_ptr<Verb> execution_watch() { return std::make_unique<ExecutionWatch>(); }

}  // namespace pawl::cli
