#include "arrays/run/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <numeric>
#include <set>

#include "arrays/node/node.h"
#include "arrays/node/pieces.h"
#include "arrays/run/ids.h"
#include "arrays/run/run_files.h"
#include "arrays/run/submissions.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "objects/buckets.h"
#include "world/scratch_directory.h"

namespace pawl::arrays {
namespace {

using json::Value;
using testing::ElementsAre;
using testing::HasSubstr;

Request per_node(int64_t count) { return {.per_node = count}; }

TEST(arrays_split, puts_every_id_into_one_node_and_none_over_its_limit) {
  for (const int64_t ids : {1, 4, 5, 6, 7, 99, 100, 101, 50'000, 50'001}) {
    for (const int64_t limit : {1, 5, 40, 10'000}) {
      const Split split = *split_of(ids, per_node(limit));
      EXPECT_EQ(split.nodes, (ids + limit - 1) / limit);
      EXPECT_EQ(split.begin(0), 0);
      EXPECT_EQ(split.begin(split.nodes), ids);
      for (int64_t node = 0; node < split.nodes; ++node) {
        const int64_t size = split.begin(node + 1) - split.begin(node);
        ASSERT_TRUE(size >= 1 && size <= limit) << ids << " by " << limit << ", node " << node;
      }
    }
  }
}

TEST(arrays_split, knows_what_an_array_may_hold) {
  struct Row {
    int64_t ids;
    std::vector<int64_t> arrays;  // nodes of each
  };
  const Row rows[] = {{0, {}},  {1, {1}},           {5, {1}},
                      {6, {2}}, {50'000, {10'000}}, {50'001, {5'000, 5'001}}};
  for (const Row& row : rows) {
    std::vector<int64_t> sizes;
    int64_t next = 0;
    for (const Slice& slice : split_of(row.ids, per_node(5))->slices()) {
      EXPECT_EQ(slice.first_node, next);
      next += slice.nodes;
      sizes.push_back(slice.nodes);
    }
    EXPECT_EQ(sizes, row.arrays) << row.ids;
  }
}

TEST(arrays_split, makes_nodes_larger_where_nothing_is_said) {
  EXPECT_EQ(split_of(400'000, {})->nodes, 10'000);
  EXPECT_EQ(split_of(1'000'000, {})->nodes, 10'000);
  EXPECT_EQ(split_of(20'000, {.nodes = 500})->nodes, 500);
  EXPECT_EQ(split_of(3, {.nodes = 500})->nodes, 3);
  EXPECT_FALSE(split_of(5'000'000, {.nodes = 2}));
}

TEST(arrays_request, has_steps_with_queues_of_their_own_or_one_for_all) {
  const auto own =
      parse_request(*json::parse(R"({"steps": ["a", {"name": "egress", "job_queue": "q"}]})"));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->steps[0].job_queue, "pawl-arrays-a");
  EXPECT_EQ(own->steps[0].job_definition, "pawl-arrays-a");
  EXPECT_EQ(own->steps[1].job_queue, "q");
  const auto shared = parse_request(*json::parse(R"({"queue": "one"})"));
  ASSERT_TRUE(shared);
  for (const Step& step : shared->steps) EXPECT_EQ(step.job_queue, "one");
}

TEST(arrays_request, is_refused_where_it_makes_no_sense) {
  for (const char* text :
       {"[]", R"({"steps": []})", R"({"steps": ["a", "a"]})", R"({"steps": ["../a"]})",
        R"({"per_node": 0})", R"({"per_node": 10001})", R"({"nodes": 1, "per_node": 1})",
        R"({"layout": "zip"})", R"({"seed": "a\nb"})", R"({"seed": "a\u0000b"})", R"({"idz": 1})",
        R"({"steps": ["procure", "process"]})"})
    EXPECT_FALSE(parse_request(*json::parse(text))) << text;
}

TEST(arrays_ids, are_made_up_out_of_the_seed_and_never_twice) {
  const auto ids = ids_of(1000, "/nowhere", "s");
  ASSERT_TRUE(ids);
  EXPECT_EQ(std::set<std::string>(ids->begin(), ids->end()).size(), 1000u);
  EXPECT_EQ(*ids, *ids_of(1000, "/nowhere", "s"));
  EXPECT_NE(*ids, *ids_of(1000, "/nowhere", "t"));
}

TEST(arrays_ids, come_from_a_file_below_the_volume_only) {
  world::ScratchDirectory volume;
  ASSERT_TRUE(world::write_file_atomically(volume / "list.csv", "a\nb\n", 0644));
  EXPECT_THAT(*ids_of("list.csv", volume.path(), "s"), ElementsAre("a", "b"));
  for (const char* path : {"/etc/passwd", "../list.csv", "x/../list.csv", "./list.csv", ""})
    EXPECT_THAT(ids_of(path, volume.path(), "s").error().text(), HasSubstr("no file of the volume"))
        << path;
  EXPECT_EQ(ids_of("other.csv", volume.path(), "s").error().code(), ErrorCode::not_found);
}

TEST(arrays_submissions, depend_on_the_same_nodes_of_the_step_before) {
  arrays::Run run{.name = "a.b", .steps = {{"x", "dx", "qx"}, {"y", "dy", "qy"}}};
  run.split = {20'001, 20'001};  // three arrays
  const Value jobs = submissions_of(run, "/v/a.b", "/b/a.b");
  ASSERT_EQ(jobs.size(), 6u);
  std::vector<int64_t> after;
  for (const Value& job : jobs.elements()) after.push_back(*job.integer_at("after"));
  EXPECT_THAT(after, ElementsAre(-1, -1, -1, 0, 1, 2));
  EXPECT_EQ(jobs.elements()[4]["request"]["JobName"], "a_b-y-2");
  EXPECT_EQ(jobs.elements()[4]["request"]["ArrayProperties"]["Size"], 6667);
  EXPECT_EQ(jobs.elements()[4]["dependency"]["Type"], "N_TO_N");

  run.name = "_\u00fc";
  EXPECT_EQ(submissions_of(run, "/v", "/b").elements()[0]["request"]["JobName"], "r__-x-1");

  run.split = {3, 1};  // a plain job
  const Value plain = submissions_of(run, "/v/a.b", "/b/a.b");
  EXPECT_TRUE(plain.elements()[1]["request"]["ArrayProperties"].is_null());
  EXPECT_EQ(plain.elements()[1]["dependency"].size(), 0u);
}

// The functions on a volume and a bucket, with jobs that are told of instead of run.
class Runs : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(buckets_.create("arrays")); }

  Result<Value> call(Result<Value> (*verb)(const Services&, functions::Call&), const char* event) {
    functions::Call call{.request_id = "r",
                         .function_name = "f",
                         .execution_arn = arn_,
                         .execution_name = "one",
                         .attempt = 0,
                         .deadline = {},
                         .event = *json::parse(event),
                         .cancellation = cancellation_,
                         .progress = {}};
    return verb(services_, call);
  }
  void run_nodes(int64_t nodes) {
    for (int64_t index = 0; index < nodes; ++index) {
      const Node node{.run_directory = scratch_ / "volume/one",
                      .index = index,
                      .seed = "one",
                      .bucket_directory = scratch_ / "buckets/arrays/one"};
      ASSERT_TRUE(procure(node));
      ASSERT_TRUE(process(node));
      ASSERT_TRUE(egress(node));
    }
  }

  world::ScratchDirectory scratch_;
  world::Cancellation cancellation_;
  std::string arn_ = "arn:one", status_ = "SUCCEEDED";
  Settings settings_{
      .volume = scratch_ / "volume", .worker = "/bin/true", .log_directory = scratch_ / "logs"};
  objects::Settings bucket_settings_{.directory = scratch_ / "buckets"};
  objects::Buckets buckets_{bucket_settings_};
  std::vector<JobStanding> jobs_;
  std::vector<std::string> missing_;
  Services services_{settings_,
                     bucket_settings_,
                     buckets_,
                     [this](const std::string&) { return jobs_; },
                     [this](const std::vector<Step>&) { return missing_; },
                     [](const std::string& executor) { return lacking(executor); },
                     [this](const std::string&) { return status_; }};

  static std::vector<std::string> lacking(const std::string& executor) {
    return executor == "local" ? std::vector<std::string>() : std::vector{"no " + executor};
  }
  // The first of the runs that are kept.
  Value kept_run() {
    const Value runs = (*call(kept, "{}"))["runs"];
    return runs.size() == 0 ? Value() : runs.elements()[0];
  }
};

TEST_F(Runs, begin_once_and_answer_the_same_when_asked_again) {
  const auto first = call(init, R"({"ids": 6, "per_node": 5})");
  ASSERT_TRUE(first) << first.error().text();
  EXPECT_EQ((*first)["total_nodes"], 2);
  EXPECT_EQ(*world::read_file(scratch_ / "volume/one/1/prep/data.csv"),
            join(*ids_of(6, "", "one"), "\n").substr(3 * 37) + "\n");
  EXPECT_EQ(json::write(*first), json::write(*call(init, R"({"ids": 6, "per_node": 5})")));
  arn_ = "arn:other";
  EXPECT_EQ(call(init, R"({"ids": 6})").error().code(), ErrorCode::conflict);
}

TEST_F(Runs, name_what_is_missing_before_they_write_anything) {
  missing_ = {"job queue q", "job definition d"};
  const Error refused = call(init, R"({"ids": 6})").error();
  EXPECT_EQ(refused.code(), ErrorCode::not_found);
  EXPECT_THAT(refused.text(), HasSubstr("job queue q, job definition d"));
  EXPECT_THAT(call(init, R"({"bucket": "other"})").error().text(), HasSubstr("no bucket other"));
  EXPECT_FALSE(world::exists(scratch_ / "volume/one"));
}

TEST_F(Runs, succeed_only_where_every_id_is_in_the_bucket) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2, "layout": "bundle"})"));
  run_nodes(1);
  const Error missing = call(check, R"({"run": "one"})").error();
  EXPECT_EQ(missing.code(), ErrorCode::corrupt);
  EXPECT_THAT(missing.text(), HasSubstr("node 1 has no manifest.sha256 in bucket arrays"));
  run_nodes(2);
  const auto report = call(check, R"({"run": "one"})");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ((*report)["ids"], 4);
  EXPECT_TRUE(call(verify, R"({"run": "one"})"));
  // Its name is taken, also when the volume has forgotten it.
  ASSERT_TRUE(call(cleanup, R"({"run": "one"})"));
  EXPECT_THAT(call(init, R"({"ids": 4})").error().text(), HasSubstr("bucket arrays has a run one"));
}

TEST_F(Runs, that_bring_nothing_into_a_bucket_say_where_their_results_are) {
  const auto begun = call(init, R"({"ids": 4, "steps": ["procure"], "check": false})");
  ASSERT_TRUE(begun) << begun.error().text();
  EXPECT_EQ((*begun)["publishes"], false);  // so the machine keeps the volume
  const auto report = call(check, R"({"run": "one"})");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ((*report)["directory"], scratch_ / "volume/one");
  EXPECT_EQ(report->find("bucket"), nullptr);
  EXPECT_EQ((*call(show, R"({"run": "one"})"))["bucket"], nullptr);
}

TEST_F(Runs, that_are_not_checked_count_nothing_in_their_bucket) {
  const auto begun = call(init, R"({"ids": 4, "check": false})");
  ASSERT_TRUE(begun) << begun.error().text();
  EXPECT_EQ((*begun)["publishes"], true);
  const auto report = call(check, R"({"run": "one"})");
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ((*report)["bucket"], "arrays");
  EXPECT_EQ(report->find("objects"), nullptr);
}

TEST_F(Runs, see_results_of_other_ids_and_those_that_are_there_twice) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2, "layout": "bundle"})"));
  run_nodes(2);
  ASSERT_TRUE(call(check, R"({"run": "one"})"));
  // A result of another id, in a list whose checksums are right.
  const std::string node = scratch_ / "buckets/arrays/one/1";
  auto pieces = *read_pieces(node, bucket_manifest);
  const std::string strange =
      "{\"id\":\"strange\"" + pieces[0].bytes.substr(pieces[0].bytes.find(','));
  ASSERT_TRUE(write_pieces({node}, bucket_manifest, {{pieces[0].name, strange}}));
  EXPECT_THAT(call(check, R"({"run": "one"})").error().text(), HasSubstr("is missing"));
  EXPECT_THAT(call(verify, R"({"run": "one"})").error().text(), HasSubstr("not what follows"));
  // The same result twice.
  ASSERT_TRUE(
      write_pieces({node}, bucket_manifest, {{pieces[0].name, pieces[0].bytes + pieces[0].bytes}}));
  EXPECT_THAT(call(check, R"({"run": "one"})").error().text(), HasSubstr("one too many"));
}

TEST_F(Runs, tell_failure_from_partial_failure_and_from_running) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 4})"));
  jobs_ = {{.id = "j1", .name = "one-procure", .status = "PENDING", .size = 4}};
  EXPECT_EQ(call(check, R"({"run": "one"})").error().kind(), "Arrays.StillRunning");
  jobs_[0].has_ended = true;
  jobs_[0].failed_nodes = {1, 3};
  jobs_[0].failed_by_themselves = 2;
  jobs_[0].reason = "Essential container in task exited";
  const Error partly = call(check, R"({"run": "one"})").error();
  EXPECT_EQ(partly.kind(), "Arrays.PartlyFailed");
  EXPECT_THAT(partly.text(), HasSubstr("2 of 4 nodes failed: 1, 3; one-procure: 2 of 4"));
  EXPECT_THAT(partly.text(), HasSubstr("pawl batch retry j1 --failed"));
  EXPECT_THAT(partly.text(), HasSubstr("pawl execution redrive arn:one"));
  jobs_[0].failed_nodes = {0, 1, 2, 3};
  EXPECT_EQ(call(check, R"({"run": "one"})").error().kind(), "Arrays.Failed");
}

TEST_F(Runs, are_cleaned_up_as_often_as_one_likes) {
  ASSERT_TRUE(call(init, R"({"ids": 40, "per_node": 1})"));
  EXPECT_EQ((*call(cleanup, R"({"run": "one"})"))["removed"], true);
  EXPECT_EQ((*call(cleanup, R"({"run": "one"})"))["removed"], false);
  EXPECT_TRUE(world::list_directory(settings_.volume)->empty());
  // No name leads out of the volume.
  EXPECT_EQ((*call(cleanup, R"({"run": ".."})"))["removed"], false);
  EXPECT_TRUE(world::exists(settings_.volume));
}

TEST_F(Runs, are_purged_of_all_that_they_have_left_and_of_nothing_else) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2, "layout": "bundle"})"));
  run_nodes(2);
  ASSERT_TRUE(call(check, R"({"run": "one"})"));
  jobs_ = {{.id = "j1", .status = "SUCCEEDED", .has_ended = true}};
  const std::string strange[] = {"volume/list.csv",        "volume/mine/run.json",
                                 "logs/j2/job.1.log",      "buckets/arrays/one/mine",
                                 "buckets/arrays/one/7/x", "buckets/arrays/other/0/x"};
  for (const std::string& file : strange) {
    ASSERT_TRUE(world::make_directories(world::parent_directory(scratch_ / file), 0755));
    ASSERT_TRUE(world::write_file_atomically(scratch_ / file, R"({"run": "one"})", 0644));
  }
  ASSERT_TRUE(world::make_directories(scratch_ / "logs/j1", 0755));
  ASSERT_TRUE(world::write_file_atomically(scratch_ / "logs/j1/0.1.log", "said", 0644));
  EXPECT_EQ(kept_run()["log_bytes"], 4);
  EXPECT_GT(kept_run()["volume_bytes"].integer(), 0);
  EXPECT_GT(kept_run()["results_bytes"].integer(), 0);
  const auto purged = call(purge, R"({"runs": ["one", "none"]})");
  ASSERT_TRUE(purged) << purged.error().text();
  EXPECT_EQ((*purged)["runs"].elements()[0]["change"], "removed");
  for (const std::string& file : strange) EXPECT_TRUE(world::exists(scratch_ / file)) << file;
  for (const char* path : {"volume/one", "buckets/arrays/one/0", "buckets/arrays/one/1",
                           "buckets/arrays/one/run.json", "buckets/arrays/one/ids.csv", "logs/j1"})
    EXPECT_FALSE(world::exists(scratch_ / path)) << path;
  EXPECT_TRUE(kept_run().is_null());
}

TEST_F(Runs, are_not_purged_while_they_are_open_or_another_servers) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2})"));
  const auto is_kept_for = [this](const char* why) {
    const auto purged = call(purge, R"({"runs": ["one"]})");
    EXPECT_THAT(json::write(*purged), HasSubstr(why));
    EXPECT_THAT(json::write(*purged), HasSubstr(R"("change":"kept")"));
    EXPECT_TRUE(world::exists(scratch_ / "volume/one/run.json"));
  };
  status_ = "RUNNING";
  is_kept_for("its execution is RUNNING");
  status_ = "";
  is_kept_for("not known to this server");
  status_ = "ABORTED";
  jobs_ = {{.id = "j1", .name = "one-procure", .status = "PENDING"}};
  is_kept_for("job one-procure (j1) has not ended");
}

TEST_F(Runs, are_purged_to_the_end_after_a_crash) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2})"));
  // Half removed, as a crash leaves it.
  ASSERT_EQ(
      std::rename((scratch_ / "volume/one").c_str(), (scratch_ / "volume/.removed-one").c_str()),
      0);
  ASSERT_TRUE(world::remove_tree(scratch_ / "volume/.removed-one/0"));
  EXPECT_EQ(kept_run()["run"], "one");
  ASSERT_TRUE(call(purge, R"({"runs": ["one"]})"));
  EXPECT_TRUE(world::list_directory(settings_.volume)->empty());
}

TEST_F(Runs, are_never_taken_for_what_a_link_leads_to) {
  ASSERT_TRUE(call(init, R"({"ids": 4, "nodes": 2})"));
  ASSERT_EQ(std::rename((scratch_ / "volume/one").c_str(), (scratch_ / "elsewhere").c_str()), 0);
  ASSERT_EQ(::symlink((scratch_ / "elsewhere").c_str(), (scratch_ / "volume/one").c_str()), 0);
  EXPECT_TRUE(kept_run().is_null());
}

TEST_F(Runs, are_told_of_all_that_is_missing_at_once) {
  settings_.worker = scratch_ / "worker";
  const Value found = *call(site, R"({"bucket": "none", "executor": "slurm"})");
  const std::string missing = json::write(found["missing"]);
  EXPECT_EQ(found["missing"].size(), 3u) << missing;
  EXPECT_THAT(missing, HasSubstr("worker is not there"));
  EXPECT_THAT(missing, HasSubstr("there is no bucket none"));
  EXPECT_THAT(missing, HasSubstr("no slurm"));
  ASSERT_TRUE(world::write_file_atomically(settings_.worker, "", 0644));
  settings_.volume = settings_.worker + "/volume";
  const Value other = *call(site, R"({"vcpus": 4000000000})");
  EXPECT_THAT(json::write(other["missing"]), HasSubstr("worker cannot be run"));
  EXPECT_THAT(json::write(other["missing"]), HasSubstr("the volume: cannot"));
  EXPECT_THAT(json::write(other["missing"]), HasSubstr("open files: 4000000000 nodes"));
}

TEST_F(Runs, are_told_which_rules_are_broken_and_why_that_is_accepted) {
  EXPECT_EQ((*call(site, "{}"))["broken"].size(), 0u);
  ASSERT_EQ(::chmod(settings_.volume.c_str(), 0777), 0);
  const Value refused = *call(site, "{}");
  EXPECT_EQ(refused["broken"].elements()[0]["rule"], "volume-open-to-others");
  settings_.accepted["volume-open-to-others"] = "shared by the laboratory";
  const Value found = *call(site, "{}");
  EXPECT_EQ(found["broken"].size(), 0u);
  EXPECT_EQ(found["accepted"].elements()[0]["reason"], "shared by the laboratory");
}

}  // namespace
}  // namespace pawl::arrays
