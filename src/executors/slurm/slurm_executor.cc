#include "executors/slurm_executor.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <variant>

#include "executors/slurm/handover.h"
#include "executors/slurm/watch.h"

namespace pawl::executors {
namespace {

// All work is done by one thread of its own, in turns; the calls only say what is wanted.
class SlurmExecutor : public Executor {
 public:
  SlurmExecutor(SlurmOptions options, world::Processes& processes, world::Clock& clock,
                Reports& reports)
      : options_(std::move(options)),
        cluster_(options_, processes, leaving_),
        submissions_(options_.directory, processes),
        conclusions_(submissions_, reports),
        watch_({options_, submissions_, cluster_, conclusions_, clock}),
        handover_({options_, submissions_, cluster_, conclusions_, clock}, watch_) {}
  ~SlurmExecutor() override { leave(); }

  Result<void> take_up(const std::vector<Attempt>& known) override {
    CHECK(!thread_.joinable());
    TRY(watch_.take_up(known));
    thread_ = std::thread([this] { work(); });
    return {};
  }
  void start(Batch batch) override { want(std::move(batch)); }
  void stop(const Attempt& attempt) override { want(Stop{attempt}); }
  void settle(const Attempt& attempt) override { want(Settle{attempt}); }
  bool gates() const override { return true; }
  void leave() override {
    {
      const std::lock_guard lock(mutex_);
      leaving_.request();
    }
    wanted_.notify_all();
    if (thread_.joinable()) thread_.join();
  }

 private:
  struct Stop {
    Attempt attempt;
  };
  struct Settle {
    Attempt attempt;
  };
  using Wish = std::variant<Batch, Stop, Settle>;

  void want(Wish wish) {
    {
      const std::lock_guard lock(mutex_);
      wishes_.push_back(std::move(wish));
    }
    wanted_.notify_all();
  }

  void work() {
    auto next_look = Steady::now();
    while (!leaving_.is_requested()) {
      for (Wish& wish : take_wishes(next_look))
        std::visit([this](auto& wanted) { fulfil(wanted); }, wish);
      if (Steady::now() >= next_look) {
        watch_.read_files();
        tell();
        if (submissions_.must_be_watched() || !handover_.is_idle()) watch_.look();
        next_look = Steady::now() + options_.poll_interval;
      }
      handover_.advance();
      watch_.cancel();
      tell();
      submissions_.forget_settled();
    }
  }

  void tell() {
    if (!leaving_.is_requested()) conclusions_.tell();
  }

  // Waits for wishes, or for the time to look.
  std::deque<Wish> take_wishes(Steady::time_point next_look) {
    std::unique_lock lock(mutex_);
    const auto is_due = [this] { return !wishes_.empty() || leaving_.is_requested(); };
    wanted_.wait_until(lock, next_look, is_due);
    return std::exchange(wishes_, {});
  }

  void fulfil(Batch& batch) { handover_.add(std::move(batch)); }
  void fulfil(const Settle& settle) { watch_.settle(settle.attempt); }
  void fulfil(const Stop& stop) {
    if (handover_.withdraw(stop.attempt))
      conclusions_.not_started(stop.attempt, "it was stopped before it began");
    else
      watch_.stop(stop.attempt);
  }

  const SlurmOptions options_;
  world::Cancellation leaving_;
  Cluster cluster_;
  Submissions submissions_;
  Conclusions conclusions_;
  Watch watch_;
  Handover handover_;

  std::mutex mutex_;
  std::condition_variable wanted_;
  std::deque<Wish> wishes_;
  std::thread thread_;
};

}  // namespace

std::unique_ptr<Executor> open_slurm_executor(SlurmOptions options, world::Processes& processes,
                                              world::Clock& clock, Reports& reports) {
  return std::make_unique<SlurmExecutor>(std::move(options), processes, clock, reports);
}

}  // namespace pawl::executors
