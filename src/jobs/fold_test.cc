#include <gmock/gmock.h>

#include <random>

#include "jobs/testing_jobs.h"
#include "jobs/verdicts.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::jobs {
namespace {

// Everything a job is, as text.
std::string picture(const Jobs& jobs) {
  std::string text;
  for (const auto& [number, job] : jobs.all()) {
    text += concat(number, " ", name(job->status), " ", job->reason, " ", job->is_cancelled ? 1 : 0,
                   job->cancelled_because, job->is_terminated ? 1 : 0, "\n");
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
  std::string after;  // the array whose child of this index it waits for; empty: none
};

class Chance {
 public:
  explicit Chance(uint32_t seed) : engine_(seed) {}
  size_t below(size_t count) { return engine_() % count; }
  bool one_in(size_t count) { return below(count) == 0; }

 private:
  std::mt19937 engine_;
};

// A small world of jobs, and an executor that ends them by chance. In some it gates.
class World {
 public:
  explicit World(uint32_t seed) : chance_(seed), gates_(seed % 4 == 0), testing_(3, gates_) {
    testing_.environment("f", 2);
    testing_.queue("p", {"f", "e"}, 2);
  }

  void step() {
    testing_.now += milliseconds(chance_.below(20'000));
    testing_.jobs.pass_time(testing_.now);
    if (chance_.one_in(4)) submit();
    if (chance_.one_in(10)) stop();
    if (chance_.one_in(10)) retry();
    if (chance_.one_in(10)) testing_.jobs.forget_ended(testing_.now - seconds(100));
    tell();
    testing_.jobs.schedule(testing_.now);
    look();
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
      look();
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
    const int size = static_cast<int>(chance_.below(3)) * 3;
    json::Value job =
        TestingJobs::shown(concat("j", submitted_), size, chance_.one_in(3) ? "p" : "q");
    json::Value::Array all;
    for (size_t count = chance_.below(4); count > 0; --count)
      if (const auto dependency = any_dependency(size); !dependency.is_null())
        all.push_back(dependency);
    job = job.with("dependsOn", std::move(all));
    if (chance_.one_in(2)) job = job.with("retryStrategy", TestingJobs::retried(2));
    if (chance_.one_in(3))
      job = job.with("timeout", json::Value::object({{"attemptDurationSeconds", 5}}));
    testing_.add(job);
    ++submitted_;
  }
  json::Value any_dependency(int size) {
    if (size > 0 && chance_.one_in(4)) return json::Value::object({{"type", "SEQUENTIAL"}});
    const Target on = testing_.jobs.find(any());
    if (on.job == nullptr) return {};
    const int32_t of = on.job->specification.size;
    const std::string& id = on.job->specification.id;
    if (size > 0 && of == size && !chance_.one_in(3))
      return json::Value::object({{"jobId", id}, {"type", "N_TO_N"}});
    const auto index = chance_.below(static_cast<size_t>(of) + 1);
    return json::Value::object(
        {{"jobId", index < static_cast<size_t>(of) ? concat(id, ":", index) : id}});
  }
  // A job or a child, which may have been forgotten.
  std::string any() { return concat("j", chance_.below(submitted_ + 1)); }
  std::string any_target() { return chance_.one_in(3) ? any() + ":1" : any(); }
  void stop() {
    if (chance_.one_in(2))
      testing_.jobs.cancel(any_target(), "cancelled", testing_.now);
    else
      testing_.jobs.terminate(any_target(), "terminated", testing_.now);
  }
  void retry() { (void)testing_.jobs.retry_failed(any_target(), testing_.now); }

  // What has succeeded, also when it has been forgotten; and sums that must be right.
  void look() {
    std::map<std::string, double> used;
    for (const auto& [number, job] : testing_.jobs.all()) {
      const std::string& id = job->specification.id;
      if (job->status == Status::succeeded) succeeded_.insert(id);
      std::array<int32_t, status_count> counts{};
      for (size_t i = 0; i < job->children.size(); ++i) {
        const Child& child = job->children[i];
        ++counts[static_cast<size_t>(child.status)];
        if (child.status == Status::succeeded) succeeded_.insert(concat(id, ":", i));
        if (child.status == Status::failed && child.failing == Failing::dependency) {
          EXPECT_EQ(Verdicts(testing_.jobs, *job).of(static_cast<int32_t>(i)).standing,
                    Standing::never)
              << id << ":" << i << " has failed for what has not";
        }
        if (child.is_handed) used[child.environment] += job->specification.vcpus;
      }
      EXPECT_EQ(counts, job->counts) << id;
    }
    for (const char* place : {"e", "f"})
      EXPECT_EQ(testing_.jobs.vcpus_used(place), used[place]) << place;
  }
  void expect_may_start(const Job& job, int32_t index) const {
    const std::string& own = job.specification.id;
    EXPECT_FALSE(job.is_cancelled || job.is_terminated) << own;
    for (const Dependency& on : job.specification.dependencies) {
      if (on.kind == Dependency::Kind::sequential) {
        EXPECT_TRUE(index == 0 || succeeded_.contains(concat(own, ":", index - 1)));
        continue;
      }
      const std::string needed = on.kind == Dependency::Kind::n_to_n ? concat(on.job_id, ":", index)
                                 : on.index ? concat(on.job_id, ":", *on.index)
                                            : on.job_id;
      EXPECT_TRUE(succeeded_.contains(needed)) << own << ":" << index << " before " << needed;
    }
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
        if (start->after_job_id.empty()) expect_may_start(job, index);
        // It is one that was never handed over, or came back.
        const std::string name = testing_.name(start->job, index, start->attempt);
        EXPECT_TRUE(returned_.erase(name) == 1 || handed_.insert(name).second) << name;
        running_.push_back({job.specification.id, child, start->attempt, start->after_job_id});
      }
    }
  }
  // The next server has what is durable, and asks its executor for what was handed over.
  void begin_again() {
    const std::string before = picture(testing_.jobs);
    testing_.jobs = Jobs([gates = gates_](const std::string&) { return gates; });
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
  void give_back(const Running& each) {
    const Job& job = *testing_.jobs.find(each.id).job;
    returned_.insert(testing_.name(job.number, each.index.value_or(0), each.attempt));
    testing_.jobs.not_started(each.id, each.index, each.attempt, testing_.now, "no room");
  }
  void tell() {
    std::vector<Running> still;
    for (const Running& each : std::exchange(running_, {})) {
      const size_t what = is_ending_ ? 0 : chance_.below(8);
      const auto waits_for = each.after.empty()
                                 ? Status::succeeded
                                 : testing_.child(each.after, each.index.value_or(0)).status;
      if (what == 2 || waits_for == Status::failed) {
        give_back(each);
      } else if (waits_for != Status::succeeded) {
        still.push_back(each);
      } else if (what < 2) {
        testing_.end(each.id, each.index, static_cast<int>(what), each.attempt);
      } else {
        testing_.start(each.id, each.index, each.attempt);
        still.push_back(each);
      }
    }
    running_.insert(running_.end(), still.begin(), still.end());
  }

  Chance chance_;
  const bool gates_;
  TestingJobs testing_;
  std::vector<Running> running_;
  std::set<std::string> handed_, returned_;
  std::set<std::string> succeeded_;  // "j3", "j3:1"
  size_t submitted_ = 0;
  bool is_ending_ = false;
};

class fold : public testing::TestWithParam<uint32_t> {};

TEST_P(fold, of_the_changes_is_the_state_and_every_job_ends) {
  World world(GetParam());
  for (int i = 0; i < 150; ++i) world.step();
  world.finish();
  EXPECT_FALSE(world.is_open());

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
