#include "batch/job_loop.h"

#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "batch/job_rows.h"
#include "batch/old_logs.h"
#include "batch/told.h"
#include "engine/beside/keep_durably.h"

namespace pawl::batch {
namespace {

constexpr Duration forget_interval = minutes(10);

executors::Attempt attempt_of(const jobs::Job& job, int32_t index, int32_t number) {
  executors::Attempt attempt{job.specification.id, std::nullopt, number};
  if (job.is_array()) attempt.index = index;
  return attempt;
}

}  // namespace

// What the loop's thread owns; only the commands are shared.
struct JobLoop::Loop : executors::Reports {
  using Commands = engine::Commands<jobs::Jobs>;
  struct Waiting {
    std::vector<int64_t> jobs;
    Told told;
    size_t at = 0;  // the one that was open when they were looked at last
  };
  Loop(Options options, engine::Engine& engine, store::Store& store, world::Clock& clock,
       Commands& commands)
      : options(std::move(options)),
        engine(engine),
        store(store),
        clock(clock),
        commands(commands) {}

  void report(std::function<void(jobs::Jobs&, Instant)> told);
  Result<void> turn();
  void forget(Instant now);
  void carry_out(const jobs::StartChildren& start);
  void carry_out(const jobs::StopChild& stop);
  void carry_out(const jobs::SettleChild& settle);
  void carry_out(const jobs::JobEnded& ended);
  void wait(Waiting waiting);
  std::set<int64_t> awaited_jobs() const;
  executors::Executor* executor_of(const std::string& environment_arn);
  executors::Executor* executor_of(const jobs::Job& job, int32_t index);

  // What executors tell.
  void started(const executors::Attempt& attempt, Instant at, std::string where) override;
  void ended(const executors::Attempt& attempt, Instant at, executors::Ending ending) override;
  void not_started(const executors::Attempt& attempt, std::string why) override;
  void lost(const executors::Attempt& attempt, std::string why) override;

  const Options options;
  engine::Engine& engine;
  store::Store& store;
  world::Clock& clock;
  Commands& commands;
  std::map<std::string, executors::Executor*> executors;
  jobs::Jobs jobs{[this](const std::string& name) {
    const auto found = executors.find(name);
    return found != executors.end() && found->second->gates();
  }};
  std::multimap<int64_t, Waiting> awaited;  // each by one of its jobs, which is open
  OldLogs old_logs{options.log_directory};
  Instant forgets_at;
  std::thread thread;
};

void JobLoop::Loop::report(std::function<void(jobs::Jobs&, Instant)> told) {
  commands.push({[told = std::move(told)](jobs::Jobs& jobs, Instant now) {
                   told(jobs, now);
                   return Commands::Answer();
                 },
                 {}});
}

Result<void> JobLoop::Loop::turn() {
  const Instant now = clock.now();
  const auto answers = commands.carry_out(jobs, now);
  jobs.pass_time(now);
  jobs.schedule(now);
  const auto committed = engine::keep_durably(engine, rows_of(jobs.take_changes()));
  for (const auto& answer : answers) answer(committed ? nullptr : &committed.error());
  TRY(committed);
  for (const jobs::Effect& effect : jobs.take_effects())
    std::visit([this](const auto& each) { carry_out(each); }, effect);
  // After the answers: who asked to be told of a job's end in this turn finds it.
  if (now >= forgets_at) forget(now);
  return {};
}

void JobLoop::Loop::forget(Instant now) {
  forgets_at = now + forget_interval;
  const Instant before = now - options.keep_ended;
  jobs.forget_ended(before, awaited_jobs());
  std::set<std::string> known;
  for (const auto& [number, job] : jobs.all()) known.insert(job->specification.id);
  old_logs.remove_but(std::move(known), before);
}

executors::Executor* JobLoop::Loop::executor_of(const std::string& environment_arn) {
  const jobs::Environment* environment = jobs.environment(environment_arn);
  const auto found = executors.find(environment == nullptr ? "local" : environment->executor);
  return found == executors.end() ? nullptr : found->second;
}

executors::Executor* JobLoop::Loop::executor_of(const jobs::Job& job, int32_t index) {
  return executor_of(job.children.at(static_cast<size_t>(index)).environment);
}

void JobLoop::Loop::carry_out(const jobs::StartChildren& start) {
  const jobs::Job& job = *jobs.job(start.job);
  executors::Batch batch;
  batch.work = work_of(job, options.directory, options.log_directory);
  if (const auto* queue = jobs.queue(job.specification.queue_arn)) batch.work.queue = queue->name;
  batch.is_array = job.is_array();
  batch.indexes = start.indexes;
  batch.number = start.attempt;
  batch.after_job_id = start.after_job_id;
  if (const auto* environment = jobs.environment(start.environment))
    batch.pool = {environment->arn, environment->vcpus, environment->memory_mib};
  if (executors::Executor* executor = executor_of(start.environment))
    return executor->start(std::move(batch));
  for (const int32_t index : start.indexes)
    not_started(attempt_of(job, index, start.attempt), "this server has no such executor");
}

void JobLoop::Loop::carry_out(const jobs::StopChild& stop) {
  const jobs::Job& job = *jobs.job(stop.job);
  if (auto* executor = executor_of(job, stop.index))
    executor->stop(attempt_of(job, stop.index, stop.attempt));
}

void JobLoop::Loop::carry_out(const jobs::SettleChild& settle) {
  const jobs::Job* job = jobs.job(settle.job);
  if (job == nullptr) return;
  if (auto* executor = executor_of(settle.environment))
    executor->settle(attempt_of(*job, settle.index, settle.attempt));
}

void JobLoop::Loop::carry_out(const jobs::JobEnded& ended) {
  const auto [first, last] = awaited.equal_range(ended.job);
  std::vector<Waiting> told;
  for (auto each = first; each != last; ++each) told.push_back(std::move(each->second));
  awaited.erase(first, last);
  for (Waiting& each : told) wait(std::move(each));
}

// All are looked at in turn, beginning where the last look ended: one that had ended then may have
// been retried.
void JobLoop::Loop::wait(Waiting waiting) {
  const size_t all = waiting.jobs.size();
  for (size_t looked = 0; looked < all; ++looked, waiting.at = (waiting.at + 1) % all) {
    const int64_t number = waiting.jobs[waiting.at];
    if (jobs::is_ended(jobs.job(number)->status)) continue;
    awaited.emplace(number, std::move(waiting));
    return;
  }
  std::vector<const jobs::Job*> ended;
  for (const int64_t number : waiting.jobs) ended.push_back(jobs.job(number));
  waiting.told(ended);
}

std::set<int64_t> JobLoop::Loop::awaited_jobs() const {
  std::set<int64_t> numbers;
  for (const auto& [open, waiting] : awaited)
    numbers.insert(waiting.jobs.begin(), waiting.jobs.end());
  return numbers;
}

void JobLoop::Loop::started(const executors::Attempt& attempt, Instant at, std::string where) {
  report([attempt, at, where = std::move(where)](jobs::Jobs& jobs, Instant) {
    jobs.started(attempt.job_id, attempt.index, attempt.number, at, where);
  });
}

void JobLoop::Loop::ended(const executors::Attempt& attempt, Instant at, executors::Ending ending) {
  report([attempt, at, ended = ended_of(ending)](jobs::Jobs& jobs, Instant) {
    jobs.ended(attempt.job_id, attempt.index, attempt.number, at, ended);
  });
}

void JobLoop::Loop::not_started(const executors::Attempt& attempt, std::string why) {
  report([attempt, why = std::move(why)](jobs::Jobs& jobs, Instant now) {
    jobs.not_started(attempt.job_id, attempt.index, attempt.number, now, why);
  });
}

void JobLoop::Loop::lost(const executors::Attempt& attempt, std::string why) {
  report([attempt, ended = ended_unknown(why)](jobs::Jobs& jobs, Instant now) {
    jobs.ended(attempt.job_id, attempt.index, attempt.number, now, ended);
  });
}

JobLoop::JobLoop(Options options, engine::Engine& engine, store::Store& store, world::Clock& clock)
    : loop_(std::make_unique<Loop>(std::move(options), engine, store, clock, commands_)) {}

JobLoop::~JobLoop() { stop(); }

void JobLoop::add_executor(const std::string& name, executors::Executor& executor) {
  loop_->executors[name] = &executor;
}

executors::Reports& JobLoop::reports() { return *loop_; }

const Options& JobLoop::options() const { return loop_->options; }

bool JobLoop::has_executor(std::string_view name) const {
  return loop_->executors.contains(std::string(name));
}

Result<void> JobLoop::start() {
  TRY(fold_all(loop_->store, loop_->jobs));
  std::map<std::string, std::vector<executors::Attempt>> handed;
  for (const auto& [name, executor] : loop_->executors) handed[name];
  for (const auto& [job, index] : loop_->jobs.recover()) {
    const jobs::Child& child = job->children.at(static_cast<size_t>(index));
    const auto* environment = loop_->jobs.environment(child.environment);
    handed[environment == nullptr ? "local" : environment->executor].push_back(
        attempt_of(*job, index, child.attempt));
  }
  for (const auto& [name, attempts] : handed) {
    const auto executor = loop_->executors.find(name);
    if (executor != loop_->executors.end())
      TRY(executor->second->take_up(attempts));
    else
      log(LogLevel::warning, "jobs run where this server cannot see them", {{"executor", name}});
  }
  // Not at once: those who wait for a job ask first.
  loop_->forgets_at = loop_->clock.now() + forget_interval;
  loop_->thread = std::thread([this] {
    commands_.serve(
        "the loop of jobs", loop_->clock, [this] { return loop_->jobs.next_due(); },
        [this] { return loop_->turn(); });
  });
  return {};
}

void JobLoop::stop() {
  if (!loop_->thread.joinable()) return;
  commands_.close();
  loop_->thread.join();
  for (const auto& [name, executor] : loop_->executors) executor->leave();
}

void JobLoop::when_ended(std::vector<std::string> job_ids, Told told) {
  commands_.push({[this, ids = std::move(job_ids), told = std::move(told)](
                      jobs::Jobs& jobs, Instant) -> Loop::Commands::Answer {
                    return [this, ids, told, &jobs](const Error* failed) {
                      if (failed != nullptr) return;
                      std::vector<const jobs::Job*> asked;
                      Loop::Waiting waiting{{}, told};
                      for (const std::string& id : ids)
                        if (asked.push_back(jobs.find(id).job); asked.back() != nullptr)
                          waiting.jobs.push_back(asked.back()->number);
                      if (waiting.jobs.size() < ids.size()) return told(asked);
                      loop_->wait(std::move(waiting));
                    };
                  },
                  {}});
}

}  // namespace pawl::batch
