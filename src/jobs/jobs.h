#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "jobs/change.h"
#include "jobs/effect.h"
#include "jobs/job.h"
#include "jobs/ready.h"
#include "jobs/resources.h"

namespace pawl::jobs {

// A job, or a child of one, as clients name it: "<id>" or "<id>:<index>".
struct Target {
  const Job* job = nullptr;
  std::optional<int32_t> index;
};

struct Ended {
  std::optional<int32_t> exit_code;  // none: nobody knows
  std::string reason;                // of the container, e.g. OutOfMemoryError: …
  std::string status_reason;         // e.g. Host EC2 … terminated
};

// All jobs of a server, as a function: commands change it and say what has changed and what is to
// be done. It knows no clock and no process. The same changes folded give the same state.
//
// Errors name the AWS error in their message's first word ("ClientException: …").
class Jobs {
 public:
  // Of an executor: whether it takes whole arrays and holds the children back itself.
  using Gates = std::function<bool(const std::string& executor)>;
  explicit Jobs(Gates gates);
  ~Jobs();
  Jobs(Jobs&&) = default;
  Jobs& operator=(Jobs&&) = default;

  // catalogue.cc
  Result<void> put(ResourceKind kind, json::Value shown);
  Result<void> remove(ResourceKind kind, const std::string& arn);
  const Environment* environment(std::string_view name_or_arn) const;
  const Queue* queue(std::string_view name_or_arn) const;
  const Policy* policy(std::string_view arn) const;
  // "name" is the newest active revision.
  const Definition* definition(std::string_view name_or_arn) const;
  int64_t last_revision(std::string_view definition_name) const;
  std::vector<json::Value> shown(ResourceKind kind) const;

  // submit.cc: the job's id; of an earlier one where the client's token is known.
  Result<std::string> submit(json::Value shown, Instant now);
  // stop.cc. A job that has ended, or is not there, stays as it is.
  void cancel(std::string_view id, const std::string& reason, Instant now);
  void terminate(std::string_view id, const std::string& reason, Instant now);
  // retry.cc: the children that have failed run again, and those that failed for them. How many.
  Result<int32_t> retry_failed(std::string_view id, Instant now);

  // attempts.cc: what executors tell. What is not open any more is ignored.
  void started(std::string_view id, std::optional<int32_t> index, int32_t attempt, Instant at,
               const std::string& where);
  void ended(std::string_view id, std::optional<int32_t> index, int32_t attempt, Instant at,
             const Ended& ended);
  void not_started(std::string_view id, std::optional<int32_t> index, int32_t attempt, Instant now,
                   const std::string& why);

  // Stops what has run too long, and hands over again what was held back. REQUIRES: called
  // again at next_due.
  void pass_time(Instant now);
  std::optional<Instant> next_due() const;
  // Jobs that ended before go; not those in `awaited`, nor those that others depend on which have
  // not succeeded: one that failed may be retried, and must find how these have ended.
  void forget_ended(Instant before, const std::set<int64_t>& awaited = {});

  // schedule.cc: hands over what there is room for.
  void schedule(Instant now);

  // What has changed since the last time, to be made durable, and then done.
  std::vector<Change> take_changes();
  std::vector<Effect> take_effects();
  // fold.cc: a change that was made durable earlier. REQUIRES: in their order, before all else.
  Result<void> fold(const Change& change);
  // After the last: what is handed over is asked of the executors, the rest is ready to go.
  struct Handed {
    const Job* job;
    int32_t index;
  };
  std::vector<Handed> recover();

  Target find(std::string_view id) const;
  // The one that was submitted under the client's token; null: there is none.
  const Job* job_of_token(const std::string& token) const;
  const Job* job(int64_t number) const;
  const std::map<int64_t, std::unique_ptr<Job>>& all() const { return jobs_; }
  // Of an environment, of what is handed over; for why.cc and the tests.
  double vcpus_used(std::string_view environment_arn) const;
  // Why the executor of an environment does not start anything at the moment; empty: it does.
  std::string held_back(std::string_view environment_arn) const;
  // About: those that have stopped waiting may be counted.
  int64_t waiting_in(std::string_view queue_arn) const;
  bool fits_somewhere(const Job& job) const;
  // dependencies.cc: whom a child depends on by this; nothing: there is nobody, or not any more.
  std::optional<Target> depends_on(const Dependency& dependency, const Job& job,
                                   int32_t index) const;

 private:
  struct Room {  // of an environment: what is handed over
    double vcpus = 0;
    int64_t memory_mib = 0;
    int32_t children = 0;
    std::optional<Instant> held_until;
    std::string why_held;
  };
  using Place = std::pair<int64_t, int32_t>;  // a job's number, a child's index

  // fold.cc
  Job& open(int64_t number, json::Value shown);
  void record(Job& job, Event event);
  void apply(Job& job, const Event& event);
  void apply_to(Job& job, int32_t index, const Event& event);
  void move(Job& job, Child& child, Status status, Instant at);
  void update_parent(Job& job, Instant at);
  void take_room(const Job& job, const Child& child, int children);
  void forget_limit(const Job& job, int32_t index);
  void drop(int64_t number);
  // catalogue.cc
  void keep(ResourceKind kind, json::Value shown);
  void erase(ResourceKind kind, const std::string& arn);
  // submit.cc
  Result<void> check_dependency(const Specification& job, const Dependency& dependency) const;
  // dependencies.cc
  void settle(Job& job, int32_t first, int32_t count, Instant now);
  using Visit = std::function<void(Job&, int32_t first, int32_t count)>;
  void each_waiting(const Job& on, int32_t index, const Visit& visit);
  void each_waiting_for_all(const Job& on, const Visit& visit);
  void each_dependency(const Job& on, const std::function<void(Job&, const Dependency&)>& visit);
  void spread(Instant now);
  bool gates(const Job& job) const;
  // schedule.cc
  enum class Places : uint8_t { all, enabled };
  bool fits(const Job& job, Places places) const;
  bool has_room(const Environment& environment, const Job& job, bool may_be_early) const;
  void enqueue(Job& job, int32_t first, int32_t count);
  void enqueue_misfits();
  void hand(Job& job, int32_t index, const Environment& environment, Status next,
            const std::string& after_job_id, Instant now);
  void hand_gated(Job& job, Instant now);
  // Those that somebody waits for: nothing is handed over in advance past whoever does.
  using Wanted = std::set<const Environment*>;
  const Environment* place_for(const Job& job, Wanted& wanted);
  bool hand_next(const Queue& queue, Wanted& wanted, Instant now);
  // stop.cc, retry.cc, attempts.cc
  void fail_unstarted(Job& job, int32_t index, Failing failing, const std::string& reason,
                      Instant now);
  void stop_child(Job& job, int32_t index, Failing failing, const std::string& reason, Instant now);
  void end_early(std::string_view id, const std::string& reason, Failing failing, Instant now);
  struct Revival {
    std::vector<Place> children;
    std::set<int64_t> jobs;  // those of which who waits for all of them has been looked at
  };
  void revive(Place first, Instant now, Revival& revival);
  int32_t settle_revived(Revival revival, const Job& job, Instant now);
  void revive_if_stopped_in_vain(Job& job, int32_t index, Instant now);
  bool is_needed(const Job& job) const;
  Child* handed(std::string_view id, std::optional<int32_t> index, int32_t attempt, Job*& job);

  Gates gates_;
  std::map<std::string, Environment, std::less<>> environments_;  // by ARN, as all of these
  std::map<std::string, Queue, std::less<>> queues_;
  std::map<std::string, Policy, std::less<>> policies_;
  std::map<std::string, Definition, std::less<>> definitions_;
  std::map<std::string, std::map<int64_t, std::string>, std::less<>> revisions_;  // ARNs, by name
  std::map<int64_t, std::unique_ptr<Job>> jobs_;
  std::unordered_map<std::string, int64_t> by_id_, by_token_;
  std::map<std::string, Ready, std::less<>> ready_;         // by queue
  std::map<std::string, Room, std::less<>> rooms_;          // by environment
  std::set<std::tuple<Instant, int64_t, int32_t>> limits_;  // when an attempt must have ended
  std::deque<Place> ended_;                                 // and not told to who depends on it
  int64_t next_number_ = 1;
  std::vector<Change> changes_;
  std::vector<Effect> effects_;
  // Where in these a job's children are started, by job, attempt and environment.
  std::map<std::tuple<int64_t, int32_t, std::string>, size_t> starts_;
};

}  // namespace pawl::jobs
