#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "json/parse.h"
#include "restore/batch/verbs.h"
#include "restore/failure.h"
#include "restore/questions/testing.h"
#include "sim/server.h"

// The batch pipeline as it ships, on the real engine and the real batch functions, in virtual time.
// Only the restores themselves are scripted: how long each try of a database takes, and how it
// ends.
namespace pawl {
namespace {

using restore::testing::Stage;
using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

constexpr std::string_view restore_machine =
    R"({"StartAt": "R", "States": {"R": {"Type": "Task", "End": true,
        "Resource": "arn:aws:lambda:us-east-1:000000000000:function:scripted"}}})";

std::string batch_definition() {
  std::ifstream file(PAWL_PIPELINES "/restore/batch.asl.json");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Try {
  std::string database, operation;
  Instant began, ended;
};

class Fleet {
 public:
  Fleet() {
    for (int i = 0; i < 8; ++i) {
      const std::string name = concat("db-", i);
      stage.settings.clusters[name].name = name;
      stage.settings.clusters[name].region = "us-east-1";
      stage.provider.latest[name] = "2026-11-20";
    }
    CHECK(server.create_machine("restore-batch", batch_definition()).has_value());
    CHECK(server.create_machine("restore", std::string(restore_machine)).has_value());
  }

  void start(std::string_view input) {
    arn = server.start("restore-batch", *json::parse(input), "fleet").value().execution_arn;
  }
  // Goes on until the batch has ended, or its clock has come to `until`.
  void run(std::optional<Instant> until = {}) {
    for (int turns = 0; turns < 10'000; ++turns) {
      server.settle();
      if (server.execution(arn).status != "RUNNING") return;
      if (answer_functions() || end_restores()) continue;
      const auto next = next_moment();
      CHECK(next.has_value());
      if (until && *next >= *until) return;
      server.pass(*next - server.clock.now());
    }
  }
  json::Value report() { return restore::batch::summary(*batches.read("fleet"), now(), false); }
  Instant now() { return server.clock.now(); }
  size_t most_at_once() const {
    size_t most = 0;
    for (const Try& one : tries) {
      most =
          std::max<size_t>(most, std::count_if(tries.begin(), tries.end(), [&](const Try& other) {
                             return other.began <= one.began && one.began < other.ended;
                           }));
    }
    return most;
  }
  std::vector<std::string> order() const {
    std::vector<std::string> names;
    for (const Try& one : tries) names.push_back(one.database);
    return names;
  }

  Stage stage;
  sim::Server server;
  restore::batch::Batches batches{stage.settings};
  std::string arn;
  Duration takes = minutes(10);
  std::map<std::string, std::vector<std::string>> errors;  // of the tries of a database, in order
  std::vector<Try> tries;                                  // in the order in which they began

 private:
  using Verb = Result<json::Value> (*)(const restore::batch::Parts&, const functions::Call&);

  static std::string function_of(const engine::TaskRequest& request) {
    return request.resource.substr(request.resource.rfind(':') + 1);
  }
  static Verb verb_of(const std::string& function) {
    namespace batch = restore::batch;
    static const std::map<std::string, Verb> verbs = {{"pawl-batch-plan", batch::plan},
                                                      {"pawl-batch-turn", batch::turn},
                                                      {"pawl-batch-classify", batch::classify},
                                                      {"pawl-batch-record", batch::record},
                                                      {"pawl-batch-report", batch::report}};
    const auto found = verbs.find(function);
    return found == verbs.end() ? nullptr : found->second;
  }

  bool answer_functions() {
    const auto running = server.runner.running();
    bool has_answered = false;
    for (const auto& [id, request] : running) {
      const Verb verb = verb_of(function_of(request));
      if (!verb) {
        begin_restore(request);
        continue;
      }
      has_answered = true;
      const functions::Call call{.request_id = id,
                                 .function_name = function_of(request),
                                 .execution_arn = request.execution_arn,
                                 .execution_name = request.execution_name,
                                 .attempt = request.attempt,
                                 .deadline = {},
                                 .event = request.input,
                                 .cancellation = stage.cancellation,
                                 .progress = {}};
      const auto answer = verb({stage.settings, batches, stage.provider, server.clock}, call);
      if (answer) {
        server.runner.succeed(id, *answer);
      } else {
        const asl::Failure failure = restore::to_failure(answer.error());
        server.runner.fail(id, failure.error, failure.cause);
      }
    }
    return has_answered;
  }

  // A restore that a crash has interrupted goes on: it is known by its operation.
  void begin_restore(const engine::TaskRequest& request) {
    for (const Try& one : tries) {
      if (one.operation == request.execution_name) return;
    }
    const std::string database = *request.input.string_at("target_cluster");
    tries.push_back({database, request.execution_name, now(), now() + takes});
  }

  bool end_restores() {
    bool has_ended = false;
    const auto running = server.runner.running();
    for (const auto& [id, request] : running) {
      if (function_of(request) != "scripted") continue;
      const auto one = std::find_if(tries.begin(), tries.end(), [&](const Try& known) {
        return known.operation == request.execution_name;
      });
      if (one->ended > now()) continue;
      has_ended = true;
      const size_t attempt = std::count_if(tries.begin(), one, [&](const Try& earlier) {
        return earlier.database == one->database;
      });
      const auto script = errors.find(one->database);
      if (script != errors.end() && attempt < script->second.size()) {
        server.runner.fail(id, script->second[attempt], "scripted");
      } else {
        server.runner.succeed(id, json::Value::object());
      }
    }
    return has_ended;
  }

  std::optional<Instant> next_moment() {
    std::optional<Instant> next = server.engine().next_timer();
    for (const auto& [id, request] : server.runner.running()) {
      for (const Try& one : tries) {
        if (one.operation != request.execution_name) continue;
        if (!next || one.ended < *next) next = one.ended;
      }
    }
    return next;
  }
};

constexpr const char* five = R"("databases": ["db-0", "db-1", "db-2", "db-3", "db-4"])";

TEST(batch_pipeline, restores_all_and_never_more_at_once_than_it_may) {
  Fleet fleet;
  fleet.start(concat("{", five, R"(, "concurrency": 2})"));
  fleet.run();
  const auto execution = fleet.server.execution(fleet.arn);
  EXPECT_EQ(execution.status, "SUCCEEDED") << execution.cause;
  EXPECT_EQ(fleet.most_at_once(), 2u);
  EXPECT_EQ(fleet.tries.size(), 5u);
  EXPECT_EQ((*json::parse(execution.output))["message"], "5/5 restored");
}

TEST(batch_pipeline, goes_by_priority_when_it_goes_one_by_one) {
  Fleet fleet;
  fleet.start(R"({"concurrency": 1, "databases": [{"cluster_name": "db-1", "priority": 3},
      {"cluster_name": "db-2", "priority": 1}, "db-4", {"cluster_name": "db-3", "priority": 1}]})");
  fleet.run();
  EXPECT_EQ(fleet.most_at_once(), 1u);
  EXPECT_THAT(fleet.order(), ElementsAre("db-2", "db-3", "db-1", "db-4"));
}

TEST(batch_pipeline, starts_stand_apart_and_the_last_is_not_followed_by_a_wait) {
  Fleet fleet;
  fleet.takes = seconds(30);
  const Instant began = fleet.now();
  fleet.start(R"({"databases": ["db-0", "db-1", "db-2"], "stagger_seconds": 120})");
  fleet.run();
  ASSERT_EQ(fleet.tries.size(), 3u);
  EXPECT_EQ(fleet.tries[1].began - fleet.tries[0].began, seconds(120));
  EXPECT_EQ(fleet.tries[2].began - fleet.tries[1].began, seconds(120));
  EXPECT_EQ(fleet.now() - began, seconds(270));
}

TEST(batch_pipeline, tries_again_what_is_transient_and_only_that) {
  Fleet fleet;
  fleet.errors["db-1"] = {"Restore.Unavailable", "ThrottlingException"};
  fleet.errors["db-2"] = {"Restore.Timeout", "Restore.Timeout", "Restore.Timeout"};
  fleet.errors["db-3"] = {"Restore.Corrupt"};
  fleet.start(concat("{", five, R"(, "concurrency": 5})"));
  fleet.run();
  const auto execution = fleet.server.execution(fleet.arn);
  EXPECT_EQ(execution.status, "FAILED");
  EXPECT_EQ(execution.error, "Restore.BatchIncomplete");
  EXPECT_EQ(execution.cause, "3/5 restored; failed: db-2, db-3");
  std::vector<std::string> rows;
  const json::Value results = fleet.report()["results"];
  for (const json::Value& row : results.elements()) {
    rows.push_back(concat(*row.string_at("database"), " ", *row.string_at("status"), " ",
                          *row.integer_at("attempts"), " ", *row.string_at("operation_id"), " ",
                          row.string_at("error").value_or("")));
  }
  EXPECT_THAT(rows, ElementsAre("db-0 SUCCEEDED 1 fleet-db-0-1 ", "db-1 SUCCEEDED 3 fleet-db-1-3 ",
                                "db-2 FAILED 3 fleet-db-2-3 Restore.Timeout",
                                "db-3 FAILED 1 fleet-db-3-1 Restore.Corrupt",
                                "db-4 SUCCEEDED 1 fleet-db-4-1 "));
}

TEST(batch_pipeline, may_stop_at_the_first_failure) {
  Fleet fleet;
  fleet.errors["db-1"] = {"Restore.Corrupt"};
  fleet.start(concat("{", five, R"(, "concurrency": 1, "on_failure": "stop"})"));
  fleet.run();
  EXPECT_THAT(fleet.order(), ElementsAre("db-0", "db-1"));
  EXPECT_EQ(fleet.server.execution(fleet.arn).cause,
            "1/5 restored; failed: db-1; not started: db-2, db-3, db-4");
}

TEST(batch_pipeline, what_waits_for_its_turn_does_not_start_once_the_batch_has_stopped) {
  Fleet fleet;
  fleet.takes = seconds(30);
  fleet.errors["db-0"] = {"Restore.Corrupt"};
  fleet.start(concat("{", five, R"(, "stagger_seconds": 120, "on_failure": "stop"})"));
  fleet.run();
  EXPECT_THAT(fleet.order(), ElementsAre("db-0"));
}

TEST(batch_pipeline, outlives_any_function_and_every_death_of_the_server) {
  Fleet fleet;
  fleet.takes = minutes(25);
  const Instant began = fleet.now();
  fleet.start(concat("{", five, R"(, "concurrency": 2, "stagger_seconds": 60})"));
  for (int deaths = 1; deaths <= 20; ++deaths) {
    fleet.run(began + minutes(4) * deaths);
    fleet.server.crash();
  }
  fleet.run();
  EXPECT_EQ(fleet.server.execution(fleet.arn).status, "SUCCEEDED");
  EXPECT_GE(fleet.now() - began, hours(1));
  EXPECT_THAT(fleet.order(), UnorderedElementsAre("db-0", "db-1", "db-2", "db-3", "db-4"));
  EXPECT_EQ(fleet.most_at_once(), 2u);
}

TEST(batch_pipeline, a_batch_that_is_wrong_fails_before_anything_is_started) {
  Fleet fleet;
  fleet.start(R"({"databases": ["db-0", "db-0"]})");
  fleet.run();
  const auto execution = fleet.server.execution(fleet.arn);
  EXPECT_EQ(execution.status, "FAILED");
  EXPECT_EQ(execution.error, "Restore.InvalidInput");
  EXPECT_TRUE(fleet.tries.empty());
}

}  // namespace
}  // namespace pawl
