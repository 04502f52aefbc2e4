#include "bench/engine/rig.h"

#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <future>

#include "base/check.h"
#include "base/text.h"
#include "store/sqlite_store.h"

namespace pawl::bench {
namespace {

std::unique_ptr<CountingStore> open_store(const std::string& directory) {
  auto opened = store::open_sqlite_store(directory + "/pawl.db");
  CHECK(opened.has_value());
  return std::make_unique<CountingStore>(*std::move(opened));
}

functions::Registry only_nothing() {
  functions::Registry registry;
  registry.add({.name = "nothing",
                .description = "answers with its input",
                .body = [](functions::Call& call) { return call.event; }});
  return registry;
}

}  // namespace

Result<void> CountingStore::commit(const std::vector<store::Write>& writes) {
  TRY(PassingStore::commit(writes));
  int64_t closed = 0;
  {
    std::lock_guard lock(mutex_);
    ++committed_.commits;
    for (const store::Write& write : writes) {
      if (std::holds_alternative<store::CloseExecution>(write)) ++closed;
      const auto* append = std::get_if<store::AppendRecord>(&write);
      if (append == nullptr) continue;
      ++committed_.records;
      committed_.record_bytes += static_cast<int64_t>(append->record.size());
    }
    committed_.closed += closed;
  }
  changed_.notify_all();
  if (told_ && closed > 0) told_(closed);
  return {};
}

Committed CountingStore::committed() {
  std::lock_guard lock(mutex_);
  return committed_;
}

void CountingStore::wait_closed(int64_t count) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return committed_.closed >= count; });
}

Rig::Rig(const std::string& directory)
    : store_(open_store(directory)),
      registry_(only_nothing()),
      engine_({.open_executions_max = 2'000'000}, *store_, clock_, random_),
      functions_(registry_, {}, clock_),
      transfers_({.directory = directory + "/buckets"}, clock_) {
  functions_.report_to(engine_.reports());
  transfers_.report_to(engine_.reports());
  engine_.add_runner(functions_);
  engine_.add_runner(transfers_);
  CHECK(engine_.start().has_value());
}

Rig::~Rig() {
  engine_.stop();
  functions_.drain();
  transfers_.drain();
}

std::string Rig::create_machine(const std::string& name, const std::string& definition) {
  std::promise<std::string> arn;
  engine_.create_machine(
      {.name = name, .definition = definition, .role_arn = "arn:aws:iam::000000000000:role/bench"},
      [&](Result<store::Machine> machine) {
        CHECK(machine.has_value());
        arn.set_value(machine->arn);
      });
  return arn.get_future().get();
}

void Rig::start(const std::string& machine_arn, const json::Value& input) {
  engine_.start_execution(
      {.machine_arn = machine_arn, .name = {}, .input = input, .input_text = {}},
      [](const Result<engine::Started>&) {});
}

int64_t resident_bytes() {
  std::ifstream file("/proc/self/statm");
  int64_t pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

double seconds_since(std::chrono::steady_clock::time_point began) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds_of = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
}

std::string task_state(const std::string& next) {
  return concat(
      R"({"Type": "Task", "Resource": "arn:aws:lambda:us-east-1:000000000000:function:nothing", )",
      next.empty() ? R"("End": true})" : concat(R"("Next": ")", next, "\"}"));
}

}  // namespace pawl::bench
