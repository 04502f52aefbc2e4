#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// Cancels or terminates jobs.
class BatchEnd : public Verb {
 public:
  enum class How : uint8_t { cancel, terminate };
  explicit BatchEnd(How how) : how_(how) {}

  void declare(Arguments& arguments) override {
    arguments.positionals("JOB", jobs_, "id, name, or JOB:INDEX of a child", 1);
    arguments.option("--reason", reason_, "why; shown with the job");
  }

  Result<int> run(const Session& session) override {
    if (reason_.empty()) reason_ = concat(done(), " by hand");
    json::Value::Array ended;
    for (const std::string& job : jobs_) {
      const std::string id = TRY(job_id(session.client, job));
      const auto before = TRY(described_job(session.client, id));
      if (before["status"] == "SUCCEEDED" || before["status"] == "FAILED") {
        ended.push_back(json::Value::object({{"jobId", id}, {"status", before["status"]}}));
        session.remark(concat(id, " had ended already: ", plain(before["status"])));
        continue;
      }
      TRY(session.client.batch(how_ == How::cancel ? "CancelJob" : "TerminateJob",
                               json::Value::object({{"jobId", id}, {"reason", reason_}})));
      const auto after = TRY(described_job(session.client, id));
      ended.push_back(json::Value::object({{"jobId", id}, {"status", after["status"]}}));
      session.remark(outcome_of(id, after));
    }
    if (session.wants_json()) session.show(json::Value(std::move(ended)));
    return exit_done;
  }

 private:
  // A request is taken at once; what has become of it is not always what was wished for.
  std::string outcome_of(const std::string& id, const json::Value& job) const {
    const json::Value children = job["arrayProperties"]["statusSummary"];
    const auto begun =
        children.integer_at("STARTING").value_or(0) + children.integer_at("RUNNING").value_or(0);
    const std::string status = plain(job["status"]);
    const bool has_begun = begun > 0 || status == "STARTING" || status == "RUNNING";
    if (!has_begun) return concat(done(), " ", id, ": it is ", status, " now");
    if (how_ == How::terminate)
      return concat("told ", id, " to stop; `pawl batch watch ", id.substr(0, id.find(':')),
                    "` shows when it has");
    if (begun == 0)
      return concat(id, " is ", status, ": what has begun is not cancelled; `pawl batch terminate ",
                    id, "` stops it");
    return concat(done(), " what waited of ", id, "; children that have begun: ", begun,
                  ", which go on; `pawl batch terminate ", id, "` stops them");
  }
  std::string_view done() const { return how_ == How::cancel ? "cancelled" : "terminated"; }

  const How how_;
  std::vector<std::string> jobs_;
  std::string reason_;
};

}  // namespace

std::unique_ptr<Verb> batch_cancel() { return std::make_unique<BatchEnd>(BatchEnd::How::cancel); }

std::unique_ptr<Verb> batch_terminate() {
  return std::make_unique<BatchEnd>(BatchEnd::How::terminate);
}

}  // namespace pawl::cli
