#include "batch/old_logs.h"

#include <sys/stat.h>

#include "base/log.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::batch {
namespace {

bool is_older(const std::string& directory, Instant than) {
  struct stat status {};
  return ::lstat(directory.c_str(), &status) == 0 && S_ISDIR(status.st_mode) &&
         Instant(seconds(status.st_mtim.tv_sec + 1)) < than;
}

void remove_all(const std::string& directory, const std::set<std::string>& but, Instant before) {
  const auto names = world::list_directory(directory);
  if (!names) return;  // nothing has been written yet
  for (const std::string& name : *names) {
    const std::string path = concat(directory, "/", name);
    if (but.contains(name) || !is_older(path, before)) continue;
    const auto removed = world::remove_tree(path);
    if (!removed)
      log(LogLevel::warning, "the logs of a forgotten job stay",
          {{"directory", path}, {"error", removed.error().text()}});
  }
}

}  // namespace

void OldLogs::remove_but(std::set<std::string> job_ids, Instant before) {
  if (removal_.valid() && removal_.wait_for(seconds(0)) != std::future_status::ready) return;
  removal_ = std::async(std::launch::async, [directory = directory_, job_ids = std::move(job_ids),
                                             before] { remove_all(directory, job_ids, before); });
}

void OldLogs::wait() const {
  if (removal_.valid()) removal_.wait();
}

}  // namespace pawl::batch
