#include "batch/job_tasks.h"

#include <gmock/gmock.h>

#include "batch/testing_batch.h"
#include "world/scratch_directory.h"

namespace pawl::batch {
namespace {

using ::testing::HasSubstr;

// How tasks have ended, waited for.
class Ends : public engine::TaskReports {
 public:
  void finished(std::string_view task_id, asl::Outcome<Value> outcome) override {
    ends_[std::string(task_id)].set_value(std::move(outcome));
  }
  void submitted(std::string_view, Value) override {}
  void progressed(std::string_view, engine::Progress) override {}

  void expect(const std::string& task_id) { ends_[task_id] = {}; }
  asl::Outcome<Value> of(const std::string& task_id) {
    return ends_.at(task_id).get_future().get();
  }

 private:
  std::map<std::string, std::promise<asl::Outcome<Value>>> ends_;
};

class job_tasks : public testing::Test {
 protected:
  job_tasks() {
    tasks_.report_to(ends_);
    server_.set_up();
  }

  void start(const std::string& id, const std::string& resource, const std::string& input) {
    ends_.expect(id);
    engine::TaskRequest request;
    request.id = id;
    request.resource = concat("arn:aws:states:::", resource);
    request.input = Server::parsed(input);
    tasks_.start(std::move(request));
  }
  // The jobs' loop has turned, and has forgotten what it may.
  void pass(Duration time) {
    server_.clock.ahead = time;
    for (int turns = 0; turns < 2; ++turns)
      ASSERT_TRUE(server_.ask<bool>([](jobs::Jobs&, Instant) { return true; }).has_value());
  }

  world::ScratchDirectory scratch_;
  Machine machine_;
  Ends ends_;
  Server server_{scratch_.path(), machine_};
  JobTasks tasks_{server_.loop(),
                  server_.random,
                  {"0", "r"},
                  [](jobs::Jobs& jobs, const Value& input, const jobs::Submitter& submitter,
                     Instant now) -> Result<Value> {
                    const Value shown = TRY(jobs::resolve(jobs, input, submitter, now));
                    return Value::object({{"jobId", TRY(jobs.submit(shown, now))}});
                  }};
};

TEST_F(job_tasks, that_wait_for_several_have_the_end_of_one_that_was_long_ago) {
  ASSERT_TRUE(server_.submit("a").has_value());
  ASSERT_TRUE(server_.submit("b").has_value());
  start("t", "pawl:batch:waitForJobs", R"({"JobIds": ["a", "b"]})");
  EXPECT_NE(server_.status("b"), "SUCCEEDED");  // and by then both have been started
  server_.end("a", 1);
  EXPECT_EQ(server_.status("a"), "FAILED");
  pass(hours(24 * 8));
  server_.end("b", 0);
  const auto end = ends_.of("t");
  ASSERT_TRUE(end.has_value()) << end.error().cause;
  EXPECT_EQ((*end)["Status"], "PARTLY_FAILED");
  EXPECT_EQ((*end)["Jobs"].size(), 2U);
}

TEST_F(job_tasks, that_wait_for_what_is_not_there_say_what_may_have_become_of_it) {
  ASSERT_TRUE(server_.submit("a").has_value());
  EXPECT_EQ(server_.wait("a"), "SUCCEEDED");
  pass(hours(24 * 8));
  start("t", "pawl:batch:waitForJobs", R"({"JobIds": ["a"]})");
  const auto end = ends_.of("t");
  ASSERT_FALSE(end.has_value());
  EXPECT_EQ(end.error().error, "Batch.ClientException");
  EXPECT_THAT(end.error().cause, HasSubstr("Job a does not exist"));
  EXPECT_THAT(end.error().cause, HasSubstr("jobs.keep_ended"));
}

TEST_F(job_tasks, that_wait_for_a_child_are_refused) {
  for (const char* ids : {R"(["a", "a:0"])", "[]", "[1]", R"("a")"}) {
    start("t", "pawl:batch:waitForJobs", concat(R"({"JobIds": )", ids, "}"));
    const auto end = ends_.of("t");
    ASSERT_FALSE(end.has_value());
    EXPECT_EQ(end.error().error, "Batch.ClientException");
    EXPECT_THAT(end.error().cause, HasSubstr("JobIds"));
  }
}

TEST_F(job_tasks, that_are_handed_over_again_find_their_job_though_its_definition_is_gone) {
  const std::string request = R"({"JobName": "n", "JobQueue": "q", "JobDefinition": "d"})";
  start("t", "batch:submitJob", request);
  const auto first = ends_.of("t");
  ASSERT_TRUE(first.has_value());
  ASSERT_TRUE(server_
                  .ask<bool>([](jobs::Jobs& jobs, Instant) -> Result<bool> {
                    TRY(jobs.put(jobs::ResourceKind::definition,
                                 jobs.definition("d")->shown.with("status", "INACTIVE")));
                    return true;
                  })
                  .has_value());
  start("t", "batch:submitJob", request);
  const auto again = ends_.of("t");
  ASSERT_TRUE(again.has_value()) << again.error().cause;
  EXPECT_EQ((*again)["JobId"], (*first)["JobId"]);
}

}  // namespace
}  // namespace pawl::batch
