#include "daemon/verbs.h"
#include "executors/local/supervisor.h"

namespace pawl::daemon {
namespace {

class Supervise : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.option("--directory", options_.directory, "folder of its journal and its socket");
    arguments.number("--grace-ms", grace_ms_, {0, 24 * 3600 * 1000}, "between TERM and KILL");
  }

  Result<int> run(const cli::Session&) override {
    if (options_.directory.empty())
      return Error(ErrorCode::invalid_argument, "supervise needs --directory");
    if (grace_ms_) options_.grace = milliseconds(*grace_ms_);
    return executors::run_supervisor(options_);
  }

 private:
  executors::SupervisorOptions options_;
  std::optional<int64_t> grace_ms_;
};

}  // namespace

std::unique_ptr<cli::Verb> supervise() { return std::make_unique<Supervise>(); }

}  // namespace pawl::daemon
