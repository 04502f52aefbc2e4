#include "executors/slurm/submission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "executors/slurm/script.h"
#include "world/files.h"
#include "world/os_processes.h"
#include "world/scratch_directory.h"

namespace pawl::executors {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A submission of children 100 to 102 and a shell that stands for Slurm's node.
class Submitting : public ::testing::Test {
 protected:
  Submitting() {
    work_.job_id = "job";
    work_.command = {"/bin/sh", "-c", "echo \"$AWS_BATCH_JOB_ID\"; exit $STATUS"};
    work_.environment = {"STATUS=3"};
    work_.directory = work_.log_directory = scratch_.path();
    record_.name = "job.1.100.7";
    record_.job_id = "job";
    record_.is_array = true;
    record_.offset = 100;
    record_.indexes = {100, 101, 102};
    record_.parent = "another.1.100.6";
  }

  void create(const std::string& gate = "") {
    const ScriptParts parts{.work = work_,
                            .is_array = true,
                            .offset = 100,
                            .attempts = files_.attempts(),
                            .gate = gate};
    ASSERT_TRUE(files_.create(record_, attempt_script(parts)));
  }
  int run_task(int task) {
    world::Program program;
    program.arguments = {"/bin/sh"};
    program.input = launcher(files_.script());
    program.environment = {concat("SLURM_ARRAY_TASK_ID=", task), "SLURM_JOB_ID=5",
                           "SLURMD_NODENAME=node7"};
    return processes_.run(program, minutes(1), never_)->status;
  }
  bool has_run(int index) { return world::exists(scratch_ / concat(index, ".1.log")); }

  world::ScratchDirectory scratch_;
  world::OsProcesses processes_;
  world::Cancellation never_;
  Work work_;
  Record record_;
  const SubmissionFiles files_{scratch_ / "submission"};
};

using submission = Submitting;

TEST_F(submission, is_read_as_it_was_written) {
  create();
  const auto record = files_.read_record();
  ASSERT_TRUE(record);
  EXPECT_EQ(record->name, record_.name);
  EXPECT_EQ(record->indexes, record_.indexes);
  EXPECT_EQ(record->offset, 100);
  EXPECT_EQ(record->parent, record_.parent);
  EXPECT_EQ(record->attempt(101), (Attempt{"job", 101, 1}));
}

TEST_F(submission, that_was_never_finished_or_is_abandoned_is_not_found) {
  ASSERT_TRUE(world::make_directories(files_.attempts(), 0700));
  EXPECT_EQ(files_.read_record().error().code(), ErrorCode::not_found);
  create();
  ASSERT_TRUE(files_.read_record());
  files_.abandon();
  EXPECT_EQ(files_.read_record().error().code(), ErrorCode::not_found);
}

TEST_F(submission, keeps_where_an_attempt_ran_and_how_it_ended) {
  create();
  EXPECT_EQ(run_task(1), 3);
  const auto seen = files_.list_attempts();
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->size(), 1u);
  EXPECT_TRUE(seen->at("101").is_claimed);
  EXPECT_TRUE(seen->at("101").has_ended);
  EXPECT_EQ(files_.read_claim("101")->where, "node7");
  EXPECT_EQ((*files_.read_exit("101"))->outcome.ending.status, 3);
  EXPECT_EQ(*world::read_file(scratch_ / "101.1.log"), "job:101\n");
}

TEST_F(submission, runs_an_attempt_only_once) {
  create();
  run_task(0);
  EXPECT_EQ(run_task(0), refused_status);
  EXPECT_EQ(*world::read_file(scratch_ / "100.1.log"), "job:100\n");
}

TEST_F(submission, never_runs_an_attempt_that_was_refused) {
  create();
  EXPECT_EQ(*files_.refuse("100", "nobody wants it"), true);
  EXPECT_EQ(run_task(0), refused_status);
  EXPECT_FALSE(has_run(100));
  EXPECT_EQ(files_.read_claim("100")->refusal, "nobody wants it");
}

TEST_F(submission, cannot_refuse_an_attempt_that_a_node_has_begun) {
  create();
  run_task(0);
  EXPECT_EQ(*files_.refuse("100", "too late"), false);
  EXPECT_EQ(files_.read_claim("100")->refusal, std::nullopt);
}

TEST_F(submission, begins_no_attempt_whose_predecessor_has_not_succeeded) {
  const SubmissionFiles before(scratch_ / "before");
  ASSERT_TRUE(world::make_directories(before.attempts(), 0700));
  ASSERT_TRUE(before.write_exit("100", {}));
  ASSERT_TRUE(before.write_exit("101", {Outcome::Kind::ended, {.status = 1}}));
  create(before.attempts());
  EXPECT_EQ(run_task(0), 3);
  EXPECT_EQ(run_task(1), refused_status);
  EXPECT_FALSE(has_run(101));
}

TEST_F(submission, says_so_where_the_directory_or_the_program_is_missing) {
  work_.directory = scratch_ / "nowhere";
  create();
  EXPECT_EQ(run_task(0), 126);
  EXPECT_EQ((*files_.read_exit("100"))->outcome.ending.status, 126);
  EXPECT_THAT(*world::read_file(scratch_ / "100.1.log"), HasSubstr("nowhere"));
  work_.directory.clear();
  work_.command = {"no-such-program"};
  create();
  EXPECT_EQ(run_task(1), 127);
}

TEST_F(submission, does_not_run_what_no_program_can_be_given) {
  work_.command = {};
  create();
  EXPECT_EQ(run_task(0), 126);
  work_.command = {"/bin/true", std::string("a\0b", 3)};
  create();
  EXPECT_EQ(run_task(1), 126);
  EXPECT_THAT(*world::read_file(scratch_ / "101.1.log"), HasSubstr("NUL"));
}

TEST_F(submission, says_so_where_the_log_cannot_be_written) {
  work_.log_directory = scratch_ / "nowhere";
  create();
  EXPECT_NE(run_task(0), 0);
  const auto outcome = (*files_.read_exit("100"))->outcome;
  EXPECT_NE(outcome.ending.status, 0);
  EXPECT_THAT(outcome.ending.reason, HasSubstr("/nowhere/100.1.log"));
}

TEST_F(submission, runs_a_program_with_an_equals_sign_in_its_name) {
  const std::string program = scratch_ / "a=b 'c'";
  ASSERT_TRUE(world::write_file_atomically(program, "#!/bin/sh\nexit 44\n", 0700));
  work_.command = {program};
  create();
  EXPECT_EQ(run_task(0), 44);
}

TEST(exit_file, is_read_as_it_was_written) {
  Outcome outcome{Outcome::Kind::ended, {137, true, true, "Slurm: words: and more"}};
  EXPECT_EQ(format_exit(outcome), "137 out-of-memory host-lost: Slurm: words: and more\n");
  const auto read = parse_exit(format_exit(outcome));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->ending.is_host_lost && read->ending.is_out_of_memory);
  EXPECT_EQ(read->ending.reason, outcome.ending.reason);
  outcome.kind = Outcome::Kind::lost;
  EXPECT_EQ(parse_exit(format_exit(outcome))->kind, Outcome::Kind::lost);
}

TEST(exit_file, that_is_torn_tells_nothing) {
  for (const char* text : {"", "\n", "x", "-1", "256", ": 0"})
    EXPECT_FALSE(parse_exit(text)) << text;
}

}  // namespace
}  // namespace pawl::executors
