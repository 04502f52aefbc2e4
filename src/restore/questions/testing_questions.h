#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "restore/batch/batch_file.h"
#include "restore/questions/questions.h"
#include "restore/questions/testing.h"
#include "world/files.h"

// What the tests of questions are asked on.
namespace pawl::restore::questions {

class NoProcesses : public world::Processes {
 public:
  Result<world::Exit> run(const world::Program&, Duration, const world::Cancellation&) override {
    return Error(ErrorCode::unsupported, "no process in this test");
  }
  Result<pid_t> start_detached(const world::Program&, const std::string&) override {
    return Error(ErrorCode::unsupported, "no process in this test");
  }
};

class questions_about_restores : public ::testing::Test {
 protected:
  using Question = Result<json::Value> (*)(Services&, const functions::Call&);

  functions::Call call(std::string_view event) {
    return functions::Call{.request_id = "r-1",
                           .function_name = "",
                           .execution_arn = "",
                           .execution_name = "",
                           .attempt = 0,
                           .deadline = {},
                           .event = *json::parse(event),
                           .cancellation = stage.cancellation,
                           .progress = {}};
  }
  Result<json::Value> ask(Question question, std::string_view event) {
    return question(services, call(event));
  }
  json::Value answer(Question question, std::string_view event) {
    auto answered = ask(question, event);
    EXPECT_TRUE(answered.has_value()) << answered.error().text();
    return answered ? *answered : json::Value();
  }
  // The refusal of a plan, which must be that of a run.
  Error refused_alike(std::string_view event) {
    const auto planned = ask(plan, event), checked = ask(check, event);
    EXPECT_FALSE(planned.has_value() || checked.has_value()) << event;
    if (planned || checked) return Error(ErrorCode::failed, "not refused");
    EXPECT_EQ(planned.error().text(), checked.error().text());
    EXPECT_EQ(planned.error().code(), checked.error().code());
    return checked.error();
  }
  void keep(const char* id, std::string_view state) {
    ASSERT_TRUE(operations.merge("us-west-2", id, *json::parse(state)).has_value());
  }
  void keep_ended(const char* id, std::string_view status) {
    keep(id, concat(R"({"cluster_name": "customer-db", "target_cluster": "customer-db",
         "target_region": "us-west-2", "snapshot_date": "2026-11-20", "status": ")",
                    status, R"(", "step": "notify", "started": "2026-11-21T01:00:00Z",
         "ended": "2026-11-21T01:00:40Z", "snapshot_bytes": 200000000, "schema_count": 3,
         "table_count": 4, "row_count": 900, "users_created": ["app"]})"));
  }
  // The link that says which operation's instance serves the cluster in us-west-2.
  void serve(const char* cluster, const char* id) {
    const std::string folder = Layout(stage.settings.regions["us-west-2"]).cluster(cluster);
    std::filesystem::create_directories(folder);
    std::filesystem::remove(folder + "/current");
    std::filesystem::create_symlink(concat("../../instances/", id), folder + "/current");
  }
  std::map<std::string, std::string> tree() {
    std::map<std::string, std::string> files;
    for (const auto& one : std::filesystem::recursive_directory_iterator(stage.directory)) {
      const auto when = std::filesystem::last_write_time(one.path()).time_since_epoch().count();
      files[one.path().string()] =
          concat(one.is_regular_file() ? *world::read_file(one.path().string()) : "", "@", when);
    }
    return files;
  }

  testing::Stage stage;
  NoProcesses processes;
  Operations operations{stage.settings, stage.clock};
  TargetLock lock{stage.settings, stage.clock};
  Catalogue catalogue{stage.settings};
  batch::Batches batches{stage.settings};
  Services services{stage.settings, stage.clock, processes,      operations,
                    lock,           catalogue,   stage.provider, {}};
};

}  // namespace pawl::restore::questions
