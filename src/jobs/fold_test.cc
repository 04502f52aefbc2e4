#include <gmock/gmock.h>

#include <random>

#include "jobs/testing_jobs.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::jobs {
namespace {

// Everything a job is, as text.
std::string picture(const Jobs& jobs) {
  std::string text;
  for (const auto& [number, job] : jobs.all()) {
    text += concat(number, " ", name(job->status), " ", job->reason, "\n");
    for (const Child& child : job->children) {
      text += concat(" ", name(child.status), " ", static_cast<int>(child.failing), " ",
                     child.is_handed ? 1 : 0, " ", child.attempt, " ", child.attempts_before, " ",
                     child.since.time_since_epoch().count(), " ", child.reason, " ",
                     child.environment, "\n");
      for (const AttemptEnd& end : child.ended)
        text +=
            concat("  ", end.number, " ", end.exit_code.value_or(-1), " ", end.status_reason, "\n");
    }
  }
  return text;
}

// A change as the store gives it back.
Change through_text(const Change& change) {
  const auto* changed = std::get_if<JobChanged>(&change);
  if (changed == nullptr) return change;
  const auto read = event_from(json::parse(json::write(to_json(changed->event))).value());
  EXPECT_TRUE(read.has_value());
  return JobChanged{changed->number, *read};
}

// Attempts that an executor has, as it sees them.
struct Running {
  std::string id;
  std::optional<int32_t> index;
  int32_t attempt;
};

class Chance {
 public:
  explicit Chance(uint32_t seed) : engine_(seed) {}
  size_t below(size_t count) { return engine_() % count; }
  bool one_in(size_t count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

// A small world of jobs, and an executor that ends them by chance.
class World {
 public:
  explicit World(uint32_t seed) : chance_(seed) {}

  void step() {
    testing_.now += milliseconds(chance_.below(20'000));
    testing_.jobs.pass_time(testing_.now);
    if (chance_.one_in(4)) submit();
    if (chance_.one_in(10)) stop();
    if (chance_.one_in(10)) retry();
    tell();
    testing_.jobs.schedule(testing_.now);
    const bool dies = chance_.one_in(15);
    collect(!dies || chance_.one_in(2));
    if (dies) begin_again();
  }
  // Nothing new comes, and nothing fails any more.
  void finish() {
    is_ending_ = true;
    for (int i = 0; i < 5'000 && is_open(); ++i) {
      testing_.now += seconds(10);
      testing_.jobs.pass_time(testing_.now);
      tell();
      testing_.jobs.schedule(testing_.now);
      collect(true);
    }
  }
  bool is_open() const {
    return std::ranges::any_of(testing_.jobs.all(),
                               [](const auto& each) { return !is_ended(each.second->status); });
  }
  const TestingJobs& testing() const { return testing_; }

 private:
  void submit() {
    const size_t before = testing_.jobs.all().size();
    const int size = static_cast<int>(chance_.below(3)) * 3;
    json::Value job = TestingJobs::shown(concat("j", before), size);
    if (before > 0 && chance_.one_in(2)) {
      const std::string on = concat("j", chance_.below(before));
      const bool same = size > 0 && testing_.jobs.find(on).job->specification.size == size;
      job = job.with("dependsOn", TestingJobs::after(on, same ? "N_TO_N" : ""));
    }
    if (chance_.one_in(2)) job = job.with("retryStrategy", TestingJobs::retried(2));
    if (chance_.one_in(3))
      job = job.with("timeout", json::Value::object({{"attemptDurationSeconds", 5}}));
    testing_.add(job);
  }
  std::string any() { return concat("j", chance_.below(testing_.jobs.all().size())); }
  void stop() {
    if (testing_.jobs.all().empty()) return;
    const std::string id = any();
    if (chance_.one_in(2))
      testing_.jobs.cancel(id, "cancelled", testing_.now);
    else
      testing_.jobs.terminate(id, "terminated", testing_.now);
  }
  void retry() {
    if (!testing_.jobs.all().empty()) (void)testing_.jobs.retry_failed(any(), testing_.now);
  }
  // What is committed and done; or the server dies between the two.
  void collect(bool is_done) {
    for (Change& change : testing_.jobs.take_changes())
      testing_.changes.push_back(std::move(change));
    for (const Effect& effect : testing_.jobs.take_effects()) {
      if (!is_done) continue;
      const auto* start = std::get_if<StartChildren>(&effect);
      if (start == nullptr) continue;
      const Job& job = *testing_.jobs.job(start->job);
      for (const int32_t index : start->indexes) {
        const auto child = job.is_array() ? std::optional(index) : std::nullopt;
        // What an attempt waits for has succeeded, and it is one that was never handed over.
        const std::string name = testing_.name(start->job, index, start->attempt);
        EXPECT_TRUE(returned_.erase(name) == 1 || handed_.insert(name).second) << name;
        running_.push_back({job.specification.id, child, start->attempt});
      }
    }
  }
  // The next server has what is durable, and asks its executor for what was handed over.
  void begin_again() {
    const std::string before = picture(testing_.jobs);
    testing_.jobs = Jobs([](const std::string&) { return false; });
    for (const Change& change : testing_.changes)
      ASSERT_TRUE(testing_.jobs.fold(through_text(change)).has_value());
    EXPECT_EQ(picture(testing_.jobs), before);
    for (const auto& [job, index] : testing_.jobs.recover()) {
      const int32_t attempt = job->children.at(static_cast<size_t>(index)).attempt;
      const std::string name = testing_.name(job->number, index, attempt);
      const auto child = job->is_array() ? std::optional(index) : std::nullopt;
      const auto is_it = [&](const Running& each) {
        return each.id == job->specification.id && each.index == child && each.attempt == attempt;
      };
      if (std::ranges::any_of(running_, is_it)) continue;
      testing_.jobs.not_started(job->specification.id, child, attempt, testing_.now, "never came");
      if (handed_.contains(name)) returned_.insert(name);
    }
    collect(true);
  }
  void tell() {
    std::vector<Running> still;
    for (const Running& each : std::exchange(running_, {})) {
      const size_t what = is_ending_ ? 0 : chance_.below(8);
      if (what == 0) {
        testing_.end(each.id, each.index, 0, each.attempt);
      } else if (what == 1) {
        testing_.end(each.id, each.index, 1, each.attempt);
      } else if (what == 2) {
        testing_.jobs.not_started(each.id, each.index, each.attempt, testing_.now, "no room");
        const Job& job = *testing_.jobs.find(each.id).job;
        returned_.insert(testing_.name(job.number, each.index.value_or(0), each.attempt));
      } else {
        testing_.start(each.id, each.index, each.attempt);
        still.push_back(each);
      }
    }
    running_.insert(running_.end(), still.begin(), still.end());
  }

  Chance chance_;
  TestingJobs testing_{3};
  std::vector<Running> running_;
  std::set<std::string> handed_, returned_;
  bool is_ending_ = false;
};

class fold : public testing::TestWithParam<uint32_t> {};

TEST_P(fold, of_the_changes_is_the_state_and_every_job_ends) {
  World world(GetParam());
  for (int i = 0; i < 150; ++i) world.step();
  world.finish();
  EXPECT_FALSE(world.is_open());
  EXPECT_EQ(world.testing().jobs.vcpus_used("e"), 0);

  Jobs again([](const std::string&) { return false; });
  for (const Change& change : world.testing().changes)
    ASSERT_TRUE(again.fold(through_text(change)).has_value());
  EXPECT_EQ(picture(again), picture(world.testing().jobs));
  EXPECT_TRUE(again.recover().empty());
}

INSTANTIATE_TEST_SUITE_P(seeds, fold, testing::Range(1U, 101U));

TEST(fold, refuses_events_of_what_is_not_there) {
  Jobs jobs([](const std::string&) { return false; });
  EXPECT_FALSE(jobs.fold(JobChanged{1, {}}).has_value());
  ASSERT_TRUE(jobs.fold(JobOpened{1, TestingJobs::shown("a", 2)}).has_value());
  Event beyond;
  beyond.first = 2;
  EXPECT_FALSE(jobs.fold(JobChanged{1, beyond}).has_value());
  for (const char* text :
       {"[]", "7", R"(["r"])", R"(["?",1])", R"(["r","1"])", R"(["e",1,0,1,1,0,9])"})
    EXPECT_FALSE(event_from(json::parse(text).value()).has_value()) << text;
}

}  // namespace
}  // namespace pawl::jobs
