#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class BatchWhy : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("JOB", job_, "id, name, or JOB:INDEX of a child");
  }

  Result<int> run(const Session& session) override {
    const std::string id = TRY(job_id(session.client, job_));
    const auto why =
        TRY(session.client.call("Pawl.ExplainJob", json::Value::object({{"jobId", id}})));
    if (session.wants_json()) {
      session.show(why);
      return exit_done;
    }
    const std::string help = why.string_at("help").value_or("");
    session.terminal.print(concat(id, " (", plain(why["jobName"]), ") is ", plain(why["status"]),
                                  ": ", plain(why["reason"]), help.empty() ? "" : "; ", help,
                                  "\n"));
    return exit_done;
  }

 private:
  std::string job_;
};

}  // namespace

std::unique_ptr<Verb> batch_why() { return std::make_unique<BatchWhy>(); }

}  // namespace pawl::cli
