#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// Cancels or terminates jobs.
class BatchEnd : public Verb {
 public:
  BatchEnd(std::string_view operation, std::string_view done)
      : operation_(operation), done_(done) {}

  void declare(Arguments& arguments) override {
    arguments.positionals("JOB", jobs_, "id, name, or JOB:INDEX of a child", 1);
    arguments.option("--reason", reason_, "why; shown with the job");
  }

  Result<int> run(const Session& session) override {
    if (reason_.empty()) reason_ = concat(done_, " by hand");
    json::Value::Array ended;
    for (const std::string& job : jobs_) {
      const std::string id = TRY(job_id(session.client, job));
      const auto before = TRY(described_job(session.client, id));
      if (before["status"] == "SUCCEEDED" || before["status"] == "FAILED") {
        ended.push_back(json::Value::object({{"jobId", id}, {"status", before["status"]}}));
        session.remark(concat(id, " had ended already: ", plain(before["status"])));
        continue;
      }
      TRY(session.client.batch(operation_,
                               json::Value::object({{"jobId", id}, {"reason", reason_}})));
      const auto after = TRY(described_job(session.client, id));
      ended.push_back(json::Value::object({{"jobId", id}, {"status", after["status"]}}));
      session.remark(concat(done_, " ", id, ": it is ", plain(after["status"]), " now"));
    }
    if (session.wants_json()) session.show(json::Value(std::move(ended)));
    return exit_done;
  }

 private:
  const std::string_view operation_, done_;
  std::vector<std::string> jobs_;
  std::string reason_;
};

}  // namespace

std::unique_ptr<Verb> batch_cancel() {
  return std::make_unique<BatchEnd>("CancelJob", "cancelled");
}

std::unique_ptr<Verb> batch_terminate() {
  return std::make_unique<BatchEnd>("TerminateJob", "terminated");
}

}  // namespace pawl::cli
