#include "executors/local_executor.h"

#include <poll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "base/log.h"
#include "executors/local/attempt_name.h"
#include "executors/local/journal.h"
#include "executors/local/message_line.h"
#include "executors/local/process_table.h"
#include "executors/local/supervisor_process.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

// Also after one that was reached: it may fall over what we say to it each time.
constexpr milliseconds retry_patience = seconds(1);
// How long a server waits for the first try, so that most often all is there when it begins.
constexpr milliseconds first_patience = seconds(1);
// As a shell has it.
constexpr int status_cannot_run = 126;
constexpr size_t settled_bytes_max = 4096;

std::vector<Attempt> attempts_of(const Batch& batch) {
  std::vector<Attempt> attempts;
  const Attempt attempt{batch.work.job_id, std::nullopt, batch.number};
  if (!batch.is_array) attempts.push_back(attempt);
  for (const int32_t index : batch.indexes)
    attempts.push_back({attempt.job_id, index, attempt.number});
  return attempts;
}

class LocalExecutor : public Executor {
 public:
  LocalExecutor(LocalOptions options, Reports& reports)
      : options_(std::move(options)), reports_(reports), supervisor_(options_, leaving_) {}
  ~LocalExecutor() override { leave(); }

  // A supervisor that cannot be reached is waited for, and what is handed over waits with it.
  Result<void> take_up(const std::vector<Attempt>& known) override {
    TRY(world::make_directories(options_.directory, 0700));
    for (world::FileDescriptor* event : {&wake_, &leaving_}) {
      *event = world::FileDescriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
      if (!event->is_open()) return errno_error("cannot make an event", errno);
    }
    for (const Attempt& attempt : known) open_.emplace(to_name(attempt), attempt);
    knows_nothing_ = open_.empty();
    thread_ = std::thread([this] { run(); });
    std::unique_lock lock(mutex_);
    first_try_.wait_for(lock, first_patience, [this] { return has_tried_; });
    return {};
  }

  void start(Batch batch) override {
    std::string message;
    append_batch(message, batch);
    // What no message can hold, the kernel would not start either.
    if (message.size() > message_bytes_max) return refuse(batch);
    const std::lock_guard lock(mutex_);
    if (line_.is_open()) {
      say(batch, message);
    } else {
      waiting_.push_back(std::move(batch));
    }
    hurry();
  }

  void stop(const Attempt& attempt) override {
    {
      const std::lock_guard lock(mutex_);
      if (!take_from_waiting(attempt)) {
        stopping_.emplace(to_name(attempt), attempt);
        if (!line_.is_open()) return;
        append_attempts(line_.outgoing(), MessageKind::stop, {attempt});
        return hurry();
      }
    }
    reports_.not_started(attempt, "it was stopped before it was handed over");
  }

  void settle(const Attempt& attempt) override {
    const std::lock_guard lock(mutex_);
    forget(attempt);
    // Where nobody hears it, the next supervisor is not told of this attempt at all.
    if (!line_.is_open()) return;
    append_attempts(line_.outgoing(), MessageKind::settle, {attempt});
    // It goes with what is said next: the supervisor need not be woken for it.
    if (line_.outgoing().size() >= settled_bytes_max) hurry();
  }

  bool gates() const override { return false; }

  void leave() override {
    {
      const std::lock_guard lock(mutex_);
      is_leaving_ = true;
    }
    if (!thread_.joinable()) return;
    ::eventfd_write(leaving_.number(), 1);
    wake();
    thread_.join();
    if (line_.is_open()) line_.send();
    line_.close();
  }

 private:
  // A supervisor that runs has to be told that we know nothing, and so has one that would find
  // something. Otherwise it is started when there is something to start.
  Result<void> connect_where_needed() {
    auto running = supervisor_.reach_running();
    if (running) return use(std::move(*running)), Result<void>();
    if (running.error().code() != ErrorCode::unavailable) return std::move(running).error();
    const JournalContent found = TRY(Journal::read(options_.directory));
    if (!found.tracks.empty() || (found.trust != Trust::whole && TRY(runs_anything())))
      return connect();
    // From here on, what has no line has never run.
    if (found.trust != Trust::whole) TRY(Journal::write(options_.directory, {}));
    return {};
  }

  Result<bool> runs_anything() const {
    return !marked_processes(TRY(all_processes()), options_.directory).empty();
  }

  Result<void> connect() {
    use(TRY(supervisor_.reach()));
    return {};
  }

  // Says what we know. What was said before and not heard is answered for.
  void use(MessageLine line) {
    const std::lock_guard lock(mutex_);
    line_ = std::move(line);
    std::vector<Attempt> known, stopping;
    for (const auto& [name, attempt] : open_) known.push_back(attempt);
    append_attempts(line_.outgoing(), MessageKind::take_up, known);
    for (const Batch& batch : waiting_) {
      std::string message;
      append_batch(message, batch);
      say(batch, message);
    }
    waiting_.clear();
    // What is not open has ended before it was to be stopped.
    std::erase_if(stopping_, [&](const auto& row) { return !open_.contains(row.first); });
    for (const auto& [name, attempt] : stopping_) stopping.push_back(attempt);
    append_attempts(line_.outgoing(), MessageKind::stop, stopping);
    line_.send();
  }

  void say(const Batch& batch, std::string_view message) {
    for (const Attempt& attempt : attempts_of(batch)) open_.emplace(to_name(attempt), attempt);
    line_.outgoing() += message;
  }

  void refuse(const Batch& batch) {
    const Instant now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
    for (const Attempt& attempt : attempts_of(batch))
      reports_.ended(
          attempt, now,
          {.status = status_cannot_run, .reason = "the command and the environment are too long"});
  }

  // Whether it was not said yet; it will not be.
  bool take_from_waiting(const Attempt& attempt) {
    const auto is_of_it = [&](const Batch& batch) {
      return batch.work.job_id == attempt.job_id && batch.number == attempt.number &&
             batch.is_array == attempt.index.has_value();
    };
    size_t taken = 0;
    for (Batch& batch : waiting_)
      if (batch.is_array && is_of_it(batch)) taken += std::erase(batch.indexes, *attempt.index);
    taken += std::erase_if(waiting_, [&](const Batch& batch) {
      return batch.is_array ? batch.indexes.empty() : is_of_it(batch);
    });
    return taken > 0;
  }

  void forget(const Attempt& attempt) {
    const std::string name = to_name(attempt);
    open_.erase(name);
    stopping_.erase(name);
  }

  // Sends at once what can be sent at once; the thread does the rest.
  void hurry() {
    if (line_.is_open() && line_.send() && !line_.has_outgoing()) return;
    wake();
  }
  void wake() { ::eventfd_write(wake_.number(), 1); }

  void run() {
    while (!is_leaving_) {
      if (line_.is_open()) {
        turn();
      } else if (is_wanted()) {
        reconnect();
      } else {
        rest(hours(1));
      }
    }
  }

  bool is_wanted() {
    const std::lock_guard lock(mutex_);
    return knows_nothing_ || !open_.empty() || !waiting_.empty();
  }

  void reconnect() {
    if (!has_waited_until(next_try_)) return;
    next_try_ = std::chrono::steady_clock::now() + retry_patience;
    const auto connected = knows_nothing_ ? connect_where_needed() : connect();
    if (connected) {
      knows_nothing_ = false;
      if (!obstacle_.empty()) log(LogLevel::info, "the supervisor of jobs is reached");
      obstacle_.clear();
    } else if (const std::string text = connected.error().text();
               !is_leaving_ && text != obstacle_) {
      log(LogLevel::error, "jobs wait for their supervisor", {{"error", text}});
      obstacle_ = text;
    }
    {
      const std::lock_guard lock(mutex_);
      has_tried_ = true;
    }
    first_try_.notify_all();
  }

  // Whoever wakes us meanwhile has nothing that would help, unless we are to leave.
  bool has_waited_until(std::chrono::steady_clock::time_point then) const {
    pollfd polled{leaving_.number(), POLLIN, 0};
    const auto rest = std::chrono::ceil<milliseconds>(then - std::chrono::steady_clock::now());
    return rest.count() <= 0 || ::poll(&polled, 1, static_cast<int>(rest.count())) == 0;
  }

  // Until someone wakes us.
  void rest(milliseconds patience) {
    pollfd polled{wake_.number(), POLLIN, 0};
    ::poll(&polled, 1, static_cast<int>(patience.count()));
    eventfd_t count;
    ::eventfd_read(wake_.number(), &count);
  }

  void turn() {
    pollfd polled[] = {{line_.number(), POLLIN, 0}, {wake_.number(), POLLIN, 0}};
    {
      const std::lock_guard lock(mutex_);
      if (line_.has_outgoing()) polled[0].events |= POLLOUT;
    }
    ::poll(polled, 2, -1);
    if (polled[1].revents != 0) rest({});
    std::vector<Report> heard;
    bool is_there = true;
    {
      const std::lock_guard lock(mutex_);
      if (polled[0].revents & POLLOUT) is_there = line_.send();
      if (polled[0].revents & ~POLLOUT) is_there = hear(heard);
      if (!is_there) line_.close();
    }
    for (const Report& report : heard) pass_on(report);
  }

  // False where the supervisor is gone.
  bool hear(std::vector<Report>& heard) {
    const bool is_there = line_.receive();
    while (const auto message = line_.next()) {
      auto report = read_report(*message);
      if (!report) continue;
      // It may be handed over again as soon as this is passed on.
      if (report->kind == MessageKind::not_started) forget(report->attempt);
      heard.push_back(std::move(*report));
    }
    return is_there && !line_.is_broken();
  }

  void pass_on(const Report& report) {
    if (is_leaving_) return;
    switch (report.kind) {
      case MessageKind::started:
        return reports_.started(report.attempt, report.at, report.text);
      case MessageKind::ended:
        return reports_.ended(report.attempt, report.at, report.ending);
      case MessageKind::not_started:
        return reports_.not_started(report.attempt, report.text);
      case MessageKind::lost:
        return reports_.lost(report.attempt, report.text);
      default:
        return;
    }
  }

  const LocalOptions options_;
  Reports& reports_;
  world::FileDescriptor wake_, leaving_;
  std::atomic<bool> is_leaving_ = false;

  // The thread's own.
  SupervisorProcess supervisor_;
  bool knows_nothing_ = false;  // and has still to find out whether a supervisor does
  std::string obstacle_;        // that was logged
  std::chrono::steady_clock::time_point next_try_ = {};
  std::thread thread_;

  std::mutex mutex_;
  std::condition_variable first_try_;  // to connect
  bool has_tried_ = false;
  MessageLine line_;  // opened and closed by the thread only
  std::vector<Batch> waiting_;
  // By name: what was handed over and is not settled, and of that what is to be stopped.
  std::map<std::string, Attempt> open_, stopping_;
};

}  // namespace

std::unique_ptr<Executor> open_local_executor(LocalOptions options, Reports& reports) {
  // Attempts are marked with it, whatever the links are that lead there today.
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(options.directory, error);
  if (!error) options.directory = real.string();
  return std::make_unique<LocalExecutor>(std::move(options), reports);
}

}  // namespace pawl::executors
