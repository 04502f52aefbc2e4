#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/batch/watch.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class BatchRetry : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("JOB", job_, "id, name, or JOB:INDEX of a child");
    arguments.flag("--failed", failed_, "the children that failed, and no others");
    arguments.number("--index", index_, {0, 9'999}, "only this child");
    arguments.flag("--watch", watches_, "watch it to its end");
  }

  Result<int> run(const Session& session) override {
    // Said in full, because another reading of "retry" would be to run all of it again.
    if (!failed_ && !index_ && job_.find(':') == job_.npos)
      return Error(ErrorCode::invalid_argument, "what is to run again is not said",
                   concat("Write `pawl batch retry ", job_, " --failed`."));
    std::string id = TRY(job_id(session.client, job_));
    if (index_) id = concat(id.substr(0, id.find(':')), ":", *index_);
    const auto answer =
        TRY(session.client.call("Pawl.RetryFailedJob", json::Value::object({{"jobId", id}})));
    const int64_t retried = answer.integer_at("retried").value_or(0);
    session.remark(concat(retried, retried == 1 ? " runs" : " run", " again of job ", id,
                          "; what failed only for that does, too"));
    if (watches_) return watch_jobs(session, {id.substr(0, id.find(':'))}, {});
    if (session.wants_json()) session.show(answer);
    return exit_done;
  }

 private:
  std::string job_;
  bool failed_ = false, watches_ = false;
  std::optional<int64_t> index_;
};

}  // namespace

std::unique_ptr<Verb> batch_retry() { return std::make_unique<BatchRetry>(); }

}  // namespace pawl::cli
