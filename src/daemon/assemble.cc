#include "daemon/assemble.h"

#include <filesystem>
#include <future>
#include <thread>

#include "api/batch/batch.h"
#include "arrays/register.h"
#include "base/log.h"
#include "base/text.h"
#include "batch/job_tasks.h"
#include "daemon/array_runs.h"
#include "daemon/shipped_pipelines.h"
#include "executors/local_executor.h"
#include "executors/slurm_executor.h"
#include "functions/redrives/redrives.h"
#include "restore/batch/batch_file.h"
#include "restore/batch/register_batch.h"
#include "restore/operations/operation.h"
#include "restore/postgres_provider.h"
#include "restore/questions/register_questions.h"
#include "restore/register.h"
#include "restore/services.h"
#include "restore/snapshots/snapshot.h"
#include "store/sqlite_store.h"
#include "transfers/transfers.h"
#include "world/file_lock.h"
#include "world/files.h"
#include "world/os_clock.h"
#include "world/os_processes.h"

namespace pawl::daemon {
namespace {

// Endpoints are processes of this program that outlive it.
std::string path_of_this_program() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "pawl" : path.string();
}

bool is_running(engine::Engine& engine, const std::string& arn, bool otherwise) {
  const auto execution = engine.execution(arn);
  return execution ? execution->status == "RUNNING" : otherwise;
}

// Empty where it is not known.
std::string status_of(engine::Engine& engine, const std::string& arn) {
  const auto execution = engine.execution(arn);
  return execution ? execution->status : "";
}

std::optional<restore::ExecutionEnd> end_of(engine::Engine& engine, const std::string& arn) {
  const auto execution = engine.execution(arn);
  if (!execution || !execution->stopped) return std::nullopt;
  return restore::ExecutionEnd{execution->status, execution->error, execution->cause,
                               execution->redriven.value_or(execution->started),
                               *execution->stopped};
}

// The answer to a command, waited for.
template <typename T>
class Answer {
 public:
  engine::Reply<T> reply() {
    return [this](Result<T> result) { promise_.set_value(std::move(result)); };
  }
  Result<T> wait() { return promise_.get_future().get(); }

 private:
  std::promise<Result<T>> promise_;
};

// A server owns its regions' directories: two with different stores would each take the other's
// restores for dead.
Result<std::vector<world::FileLock>> own_regions(const restore::Settings& settings) {
  std::vector<world::FileLock> locks;
  for (const auto& [name, region] : settings.regions) {
    TRY(world::make_directories(region.directory, 0755));
    auto lock = world::FileLock::take(region.directory + "/server.lock");
    if (!lock)
      return std::move(lock)
          .error()
          .within(concat("region ", name))
          .with_hint(
              "Another pawl serve uses this directory; give each region's directory to one "
              "server.");
    locks.push_back(*std::move(lock));
  }
  return locks;
}

}  // namespace

// In the order in which they are built; destroyed in the opposite one.
struct Assembly::Parts {
  Parts(Config configuration, std::unique_ptr<store::Store> opened,
        std::unique_ptr<functions::processes::Host> opened_host, const AssemblyOptions& options)
      : config(std::move(configuration)),
        store(std::move(opened)),
        host(std::move(opened_host)),
        services{config.restore,
                 clock,
                 processes,
                 operations,
                 target_lock,
                 catalogue,
                 provider,
                 [this, otherwise = !options.is_server](const std::string& arn) {
                   return is_running(engine, arn, otherwise);
                 },
                 [this](const std::string& arn) { return end_of(engine, arn); }} {
    restore::register_functions(registry, services);
    restore::register_questions(registry, services, batches);
    restore::register_batch(registry, batch_parts);
    registry.add(functions::redrive_find(engine));
    registry.add(functions::redrive_one(engine));
    functions.report_to(engine.reports());
    if (host) functions.add(*host);
    integrations.report_to(engine.reports());
    // In this order: it leaves the functions that are built in to their runtime.
    engine.add_runner(integrations);
    engine.add_runner(functions);
    transfers.report_to(engine.reports());
    engine.add_runner(transfers);
    if (!options.is_server) return;
    arrays::register_functions(registry, array_services);
    jobs.add_executor("local", *local_executor);
    if (slurm_executor) jobs.add_executor("slurm", *slurm_executor);
    job_tasks.report_to(engine.reports());
    engine.add_runner(job_tasks);
  }

  Config config;
  std::vector<world::FileLock> regions;
  world::OsClock clock;
  world::OsRandom random;
  world::OsProcesses processes;
  std::unique_ptr<store::Store> store;
  std::unique_ptr<functions::processes::Host> host;

  restore::Operations operations{config.restore, clock};
  restore::TargetLock target_lock{config.restore, clock};
  restore::Catalogue catalogue{config.restore};
  restore::PostgresProvider provider{config.restore, clock, processes, path_of_this_program()};
  restore::batch::Batches batches{config.restore};
  restore::Services services;
  restore::batch::Parts batch_parts{config.restore, batches, provider, clock, services.is_running};

  const objects::Buckets buckets{config.objects};
  const arrays::Settings array_settings{
      .volume = config.jobs.volume,
      .worker = world::parent_directory(path_of_this_program()) + "/pawl-worker",
      .log_directory = config.jobs.directory + "/logs",
      .accepted = config.jobs.accepted};
  const arrays::Services array_services{
      array_settings,
      config.objects,
      buckets,
      [this](const std::string& run_directory) { return jobs_of_run(jobs, run_directory); },
      [this](const std::vector<arrays::Step>& steps) { return missing_for_steps(jobs, steps); },
      [this](const std::string& executor) { return missing_for_executor(config.jobs, executor); },
      [this](const std::string& arn) { return status_of(engine, arn); }};

  functions::Registry registry;
  engine::Engine engine{config.engine_options(), *store, clock, random};
  functions::Runtime functions{registry, config.functions, clock};
  transfers::Transfers transfers{config.objects, clock};
  integrations::Services integrations{config.integrations, functions, clock};
  batch::JobLoop jobs{{.log_directory = config.jobs.directory + "/logs",
                       .directory = config.jobs.directory,
                       .keep_ended = config.jobs.keep_ended},
                      engine,
                      *store,
                      clock};
  std::unique_ptr<executors::Executor> local_executor =
      executors::open_local_executor({.directory = config.jobs.directory + "/local",
                                      .program = path_of_this_program(),
                                      .grace = config.jobs.grace},
                                     jobs.reports());
  std::unique_ptr<executors::Executor> slurm_executor =
      config.jobs.slurm
          ? executors::open_slurm_executor(*config.jobs.slurm, processes, clock, jobs.reports())
          : nullptr;
  batch::JobTasks job_tasks{
      jobs, random, {config.account, config.region}, api::batch::submitting(config.is_strict)};
  schedules::Scheduler schedules{engine, *store, clock};
  bool is_server = false;
  std::jthread taking_up;
};

Assembly::Assembly(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Assembly::~Assembly() { stop(); }

Result<void> Assembly::start() {
  TRY(parts_->engine.start());
  if (!parts_->is_server) return {};
  TRY(world::make_directories(parts_->config.jobs.directory + "/logs", 0700));
  return parts_->jobs.start();
}

engine::Engine& Assembly::engine() { return parts_->engine; }
batch::JobLoop& Assembly::jobs() { return parts_->jobs; }
functions::Runtime& Assembly::functions() { return parts_->functions; }
integrations::Services& Assembly::services() { return parts_->integrations; }
schedules::Scheduler& Assembly::schedules() { return parts_->schedules; }
world::Random& Assembly::random() { return parts_->random; }
world::Clock& Assembly::clock() { return parts_->clock; }

void Assembly::take_up() {
  parts_->taking_up = std::jthread([parts = parts_.get()] {
    parts->provider.take_up();
    restore::carry_on_removals(parts->services);
  });
}

Result<void> Assembly::register_pipelines() {
  const Config& config = parts_->config;
  for (const ShippedPipeline& pipeline : shipped_pipelines()) {
    const std::string definition = at_home(pipeline.definition, config.region, config.account);
    const std::string arn = concat("arn:aws:states:", config.region, ":", config.account,
                                   ":stateMachine:", pipeline.machine);
    const auto existing = engine().machine(arn);
    if (existing && existing->definition == definition) continue;
    Answer<store::Machine> answer;
    if (existing) {
      engine().update_machine({arn, definition, std::nullopt}, answer.reply());
    } else {
      const std::string role = concat("arn:aws:iam::", config.account, ":role/pawl");
      engine().create_machine({pipeline.machine, definition, role}, answer.reply());
    }
    const auto machine = answer.wait();
    if (!machine && machine.error().code() == ErrorCode::corrupt) {
      log(LogLevel::error, "a pipeline is damaged; all else goes on",
          {{"machine", pipeline.machine}, {"error", machine.error().text()}});
      continue;
    }
    if (!machine) return Error(machine.error()).within(concat("pipeline ", pipeline.machine));
    log(LogLevel::info, existing ? "pipeline updated" : "pipeline created",
        {{"machine", pipeline.machine}});
  }
  return {};
}

void Assembly::stop() {
  parts_->schedules.stop();
  parts_->jobs.stop();
  parts_->engine.stop();
  parts_->integrations.drain();
  parts_->functions.drain();
  parts_->transfers.drain();
}

Result<std::unique_ptr<Assembly>> assemble(Config config, const AssemblyOptions& options) {
  std::error_code error;
  std::filesystem::create_directories(config.data, error);
  if (error) return errno_error(concat("cannot make ", config.data), error.value());
  auto store = TRY(store::open_sqlite_store(config.store_file()));
  std::vector<world::FileLock> regions;
  if (options.is_server) regions = TRY(own_regions(config.restore));
  std::unique_ptr<functions::processes::Host> host;
  if (options.is_server)
    host = TRY(
        functions::processes::Host::open(config.functions_directory(), config.process_settings()));
  auto parts = std::make_unique<Assembly::Parts>(std::move(config), std::move(store),
                                                 std::move(host), options);
  parts->regions = std::move(regions);
  parts->is_server = options.is_server;
  return std::make_unique<Assembly>(std::move(parts));
}

}  // namespace pawl::daemon
