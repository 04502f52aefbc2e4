#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <thread>

#include "arrays/run/run_files.h"
#include "arrays/run/safety.h"
#include "arrays/run/verbs.h"
#include "base/log.h"
#include "base/text.h"
#include "world/confinement.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

using json::Value;

// Files can be made in it.
bool is_writable(const std::string& directory) {
  return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

void look_at_volume(const std::string& volume, Value::Array& missing) {
  const auto made = world::make_directories(volume, 0755);
  if (!made)
    missing.push_back(concat("the volume: ", made.error().text()));
  else if (!is_writable(volume))
    missing.push_back(concat("the volume ", volume, " cannot be written"));
}

void look_at_worker(const std::string& worker, Value::Array& missing) {
  if (!world::exists(worker))
    missing.push_back(concat("the worker ", worker, " is not there"));
  else if (world::is_directory(worker) || ::access(worker.c_str(), X_OK) != 0)
    missing.push_back(concat("the worker ", worker, " cannot be run"));
}

// Where the bucket is; empty where it is nowhere.
std::string look_at_bucket(const Services& services, const std::string& bucket, bool makes_it,
                           Value::Array& missing) {
  auto found = bucket_directory(services, bucket);
  if (!found && makes_it) {
    const auto made = services.buckets.create(bucket);
    if (!made) {
      missing.push_back(concat("the bucket ", bucket, ": ", made.error().message));
      return {};
    }
    found = bucket_directory(services, bucket);
  }
  if (!found) missing.push_back(found.error().text());
  if (found && !is_writable(*found))
    missing.push_back(concat("the bucket ", bucket, " cannot be written: ", *found));
  return found ? *found : std::string();
}

// Each node that runs here is a process, and a descriptor of who watches it after a restart.
void look_at_limits(int64_t vcpus, Value::Array& missing) {
  rlimit files{}, processes{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  ::getrlimit(RLIMIT_NPROC, &processes);
  const auto needed = static_cast<rlim_t>(std::max<int64_t>(vcpus, 0));
  if (files.rlim_max < needed)
    missing.push_back(concat("open files: ", vcpus, " nodes at once need as many, and ",
                             files.rlim_max, " are allowed (ulimit -Hn)"));
  if (::geteuid() != 0 && processes.rlim_cur < needed)
    missing.push_back(concat("processes: ", vcpus, " nodes at once need as many, and ",
                             processes.rlim_cur, " are allowed (ulimit -u)"));
}

Value shown(const Breach& breach) {
  return Value::object(
      {{"rule", breach.rule}, {"wrong", breach.wrong}, {"why", breach.why}, {"mend", breach.mend}});
}

}  // namespace

Result<Value> site(const Services& services, functions::Call& call) {
  const Settings& settings = services.settings;
  Value::Array missing, broken, accepted;
  look_at_volume(settings.volume, missing);
  look_at_worker(settings.worker, missing);
  const std::string bucket = call.event.string_at("bucket").value_or("arrays");
  const std::string results = look_at_bucket(
      services, bucket, call.event.boolean_at("make_bucket").value_or(false), missing);
  const std::string executor = call.event.string_at("executor").value_or("local");
  for (std::string& each : services.missing_of_executor(executor))
    missing.push_back(std::move(each));
  const int64_t processors = std::max(1U, std::thread::hardware_concurrency());
  if (executor == "local")
    look_at_limits(call.event.integer_at("vcpus").value_or(processors), missing);
  const Ground ground{.volume = settings.volume,
                      .bucket = results,
                      .worker = settings.worker,
                      .is_root = ::geteuid() == 0,
                      .has_confinement = world::can_confine_files()};
  for (const Breach& breach : breaches_of(ground)) {
    const auto reason = settings.accepted.find(breach.rule);
    if (reason == settings.accepted.end()) {
      broken.push_back(shown(breach));
      continue;
    }
    accepted.push_back(shown(breach).with("reason", reason->second));
    log(LogLevel::warning, "a rule of safety is broken, which is accepted",
        {{"rule", breach.rule}, {"wrong", breach.wrong}, {"reason", reason->second}});
  }
  return Value::object({{"volume", settings.volume},
                        {"worker", settings.worker},
                        {"bucket", bucket},
                        {"cpus", processors},
                        {"missing", std::move(missing)},
                        {"broken", std::move(broken)},
                        {"accepted", std::move(accepted)}});
}

}  // namespace pawl::arrays
