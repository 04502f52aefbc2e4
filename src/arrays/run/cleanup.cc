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

Result<void> remove_all(const std::vector<std::string>& trees) {
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

}  // namespace

Result<json::Value> cleanup(const Services& services, functions::Call& call) {
  const std::string run = TRY(run_name_of(call.event));
  const std::string directory = run_directory(services, run);
  // A run that is half removed has another name, under which nobody takes it for a run. No run has
  // it: an escaped name does not begin with a dot.
  const std::string removed = concat(services.settings.volume, "/.removed-", escape(run));
  const bool was_there = std::rename(directory.c_str(), removed.c_str()) == 0;
  if (!was_there && errno != ENOENT) return errno_error("cannot remove " + directory, errno);
  if (world::exists(removed)) {
    std::vector<std::string> trees;
    for (const std::string& name : TRY(world::list_directory(removed)))
      trees.push_back(concat(removed, "/", name));
    TRY(remove_all(trees));
    TRY(world::remove_tree(removed));
  }
  return json::Value::object({{"directory", directory}, {"removed", was_there}});
}

}  // namespace pawl::arrays
