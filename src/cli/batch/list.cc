#include <algorithm>

#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

const std::vector<std::string> job_statuses = {"SUBMITTED", "PENDING",   "RUNNABLE", "STARTING",
                                               "RUNNING",   "SUCCEEDED", "FAILED"};

std::string children_of(const Value& job) {
  const Value array = job["arrayProperties"];
  const auto size = array.integer_at("size");
  return size ? counts_text(array["statusSummary"], *size) : "-";
}

class BatchList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.option("--queue", queue_, "only jobs of this queue; name or ARN");
    arguments.choice("--status", status_, job_statuses,
                     "only these; an array is PENDING until all its children have ended");
    arguments.option("--array", array_, "the children of this array; id or name");
    arguments.number("-n,--limit", limit_, {1, 1'000'000}, "at most so many (100)");
  }

  Result<int> run(const Session& session) override {
    const auto most = static_cast<size_t>(limit_.value_or(100));
    Listing listing;
    listing.rows =
        TRY(array_.empty() ? jobs(session.client, most + 1) : children(session.client, most + 1));
    listing.cut_to(most);
    for (Value& row : listing.rows) row = with_batch_moments(row);
    const bool is_utc = session.style.is_utc;
    listing.columns = {{"JOB", text_of("jobId")},
                       {"NAME", text_of("jobName")},
                       {"STATUS", text_of("status")},
                       {"CHILDREN", children_of},
                       {"CREATED", moment_of("createdAt", is_utc)},
                       {"STOPPED", moment_of("stoppedAt", is_utc), Table::Align::left, true},
                       {"REASON", text_of("statusReason"), Table::Align::left, true}};
    listing.name_member = "jobId";
    listing.when_empty = "no jobs";
    session.show(listing);
    return exit_done;
  }

 private:
  // The newest first.
  Result<std::vector<Value>> jobs(const Client& client, size_t most) const {
    std::vector<Value> all;
    for (const Value& queue : TRY(job_queues(client, queue_))) {
      auto some = TRY(batch_list(client, "ListJobs", asked(queue), most));
      all.insert(all.end(), some.begin(), some.end());
    }
    std::ranges::stable_sort(all, std::greater<>(), [](const Value& job) {
      return job.integer_at("createdAt").value_or(0);
    });
    return all;
  }

  // By their index. The service lists those of one status at a time.
  Result<std::vector<Value>> children(const Client& client, size_t most) const {
    const std::string id = TRY(whole_job_id(client, array_));
    std::vector<Value> all;
    for (const std::string& status : job_statuses) {
      if (!status_.empty() && status != status_) continue;
      auto some = TRY(batch_list(client, "ListJobs",
                                 Value::object({{"arrayJobId", id}, {"jobStatus", status}}), most));
      all.insert(all.end(), some.begin(), some.end());
    }
    std::ranges::stable_sort(all, {}, [](const Value& job) {
      return job["arrayProperties"].integer_at("index").value_or(0);
    });
    return all;
  }

  // Without a status all, which the service lists by a filter only.
  Value asked(const Value& queue) const {
    const auto input = Value::object({{"jobQueue", queue["jobQueueName"]}});
    if (!status_.empty()) return input.with("jobStatus", status_);
    const auto filter =
        Value::object({{"name", "AFTER_CREATED_AT"}, {"values", Value::array({"0"})}});
    return input.with("filters", Value::array({filter}));
  }

  std::string queue_, array_, status_;
  std::optional<int64_t> limit_;
};

}  // namespace

std::unique_ptr<Verb> batch_list_jobs() { return std::make_unique<BatchList>(); }

}  // namespace pawl::cli
