#include "arrays/run/cleanup.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <mutex>
#include <optional>
#include <thread>

#include "arrays/run/run_files.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

// Removing a file waits for the disk on some file systems (4 ms each was measured), and many
// removals wait together.
constexpr size_t removers = 32;

}  // namespace

Result<void> remove_trees(const std::vector<std::string>& trees) {
  std::atomic<size_t> next = 0;
  std::mutex mutex;
  std::optional<Error> first_error;
  {
    std::vector<std::jthread> threads;
    for (size_t at = 0; at < std::min(removers, trees.size()); ++at)
      threads.emplace_back([&] {
        for (size_t place; (place = next++) < trees.size();) {
          auto removed = world::remove_tree(trees[place]);
          if (removed) continue;
          const std::lock_guard lock(mutex);
          if (!first_error) first_error = std::move(removed).error();
        }
      });
  }
  if (first_error) return *std::move(first_error);
  return {};
}

std::string removed_directory(const Services& services, const std::string& run) {
  return concat(services.settings.volume, "/", removed_prefix, escape(run));
}

Result<bool> remove_from_volume(const Services& services, const std::string& run) {
  const std::string directory = run_directory(services, run);
  const std::string removed = removed_directory(services, run);
  const bool was_there = std::rename(directory.c_str(), removed.c_str()) == 0;
  if (!was_there && errno != ENOENT) return errno_error("cannot remove " + directory, errno);
  if (!world::exists(removed)) return was_there;
  std::vector<std::string> trees;
  for (const std::string& name : TRY(world::list_directory(removed)))
    if (name != run_file) trees.push_back(concat(removed, "/", name));
  TRY(remove_trees(trees));
  TRY(world::remove_tree(removed));
  return was_there;
}

Result<json::Value> cleanup(const Services& services, functions::Call& call) {
  const std::string run = TRY(run_name_of(call.event));
  const bool was_there = TRY(remove_from_volume(services, run));
  return json::Value::object({{"directory", run_directory(services, run)}, {"removed", was_there}});
}

}  // namespace pawl::arrays
