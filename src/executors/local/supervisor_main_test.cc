#include <fcntl.h>
#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>

#include <string_view>

#include "base/text.h"
#include "executors/local/executor_rig.h"
#include "executors/local/message_line.h"
#include "executors/local/messages.h"
#include "executors/local/process_table.h"
#include "executors/local/supervisor.h"
#include "world/files.h"

namespace pawl::executors {

void touch(const std::string& path) { ASSERT_TRUE(world::write_file_atomically(path, "", 0600)); }

pid_t pid_in(const std::string& path) {
  for (;;) {
    const auto text = world::read_file(path);
    if (text && text->ends_with('\n')) return static_cast<pid_t>(*parse_integer(trim(*text)));
    ::usleep(1000);
  }
}

bool is_alive(pid_t pid) {
  const auto row = process_row(pid);
  return row && !row->is_dead;
}

void wait_until_dead(pid_t pid) {
  while (is_alive(pid)) ::usleep(1000);
}

ExecutorRig::~ExecutorRig() {
  close();
  // Also one that was just started, and that no lock names yet.
  while (const pid_t pid = child_supervisor()) {
    ::kill(pid, SIGTERM);
    ::waitpid(pid, nullptr, 0);
  }
  // What a supervisor that was killed has left behind, with no other after it.
  for (const MarkedProcess& left : marked_processes(*all_processes(), path("executor")))
    ::kill(left.row.pid, SIGKILL);
}

pid_t ExecutorRig::child_supervisor() const {
  const auto rows = all_processes();
  for (const ProcessRow& row : *rows) {
    if (row.parent != ::getpid() || row.is_dead) continue;
    auto words = world::read_file(concat("/proc/", row.pid, "/cmdline"));
    // There are none for a moment while it becomes its program.
    while (words && words->empty() && !process_row(row.pid)->is_dead)
      words = world::read_file(concat("/proc/", row.pid, "/cmdline"));
    if (words && words->find(path("executor")) != std::string::npos) return row.pid;
  }
  return 0;
}

void ExecutorRig::open(const std::vector<Attempt>& known) {
  close();
  reports_ = std::make_unique<HeardReports>();
  executor_ = open_local_executor({.directory = path("executor"),
                                   .program = *world::read_symlink("/proc/self/exe"),
                                   .grace = grace_},
                                  *reports_);
  const auto taken_up = executor_->take_up(known);
  ASSERT_TRUE(taken_up) << taken_up.error().text();
}

pid_t ExecutorRig::supervisor_pid() const {
  const auto text = world::read_file(path("executor/lock"));
  return text ? static_cast<pid_t>(parse_integer(trim(*text)).value_or(0)) : 0;
}

void ExecutorRig::end_supervisor(int signal) {
  const pid_t pid = supervisor_pid();
  if (pid == 0 || ::kill(pid, signal) != 0) return;
  // It is our child; the executor may be quicker to see that it is gone.
  ::waitpid(pid, nullptr, 0);
}

Batch ExecutorRig::shell(const std::string& job_id, const std::string& script) const {
  Batch batch;
  batch.work = {.job_id = job_id,
                .job_name = "job",
                .queue = "queue",
                .command = {"sh", "-c", script},
                .environment = {"PATH=/usr/bin:/bin", "HOME=/nowhere"},
                .directory = scratch_.path(),
                .log_directory = path("logs")};
  batch.pool = {.name = "pool", .vcpus = 8};
  return batch;
}

Attempt ExecutorRig::run(const Batch& batch) {
  executor_->start(batch);
  return {batch.work.job_id, std::nullopt, batch.number};
}

std::string ExecutorRig::log_of(const Attempt& attempt) const {
  const std::string stem = attempt.index ? concat(*attempt.index) : "job";
  const auto text = world::read_file(path(concat("logs/", stem, ".", attempt.number, ".log")));
  return text ? *text : text.error().text();
}

namespace {

// A supervisor that is reached, and falls; each leaves a letter.
int fall(const SupervisorOptions& options) {
  MessageLine line(world::FileDescriptor(STDIN_FILENO));
  append_hello(line.outgoing());
  line.send();
  const auto falls =
      world::open_file(options.directory + "/falls", O_WRONLY | O_APPEND, "cannot fall");
  return world::write_all(*falls, "f", "falls") ? 1 : 2;
}

}  // namespace
}  // namespace pawl::executors

// The tests, and the supervisor that they start: pawl itself is of a room above.
int main(int count, char** words) {
  if (count > 3 && std::string_view(words[1]) == "supervise") {
    pawl::executors::SupervisorOptions options{.directory = words[3]};
    if (pawl::world::exists(options.directory + "/falls")) return pawl::executors::fall(options);
    if (count > 5) options.grace = pawl::milliseconds(std::atoi(words[5]));
    return pawl::executors::run_supervisor(options);
  }
  ::testing::InitGoogleMock(&count, words);
  return RUN_ALL_TESTS();
}
