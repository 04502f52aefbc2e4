#include <unistd.h>

#include <algorithm>

#include "arrays/run/cleanup.h"
#include "arrays/run/leftovers.h"
#include "arrays/run/verbs.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::arrays {
namespace {

using json::Value;

Result<int64_t> bytes_of(const std::vector<std::string>& trees) {
  uint64_t bytes = 0;
  for (const std::string& tree : trees) bytes += TRY(world::tree_bytes(tree));
  return static_cast<int64_t>(bytes);
}

Result<Value> shown(const Leftover& found) {
  std::vector<std::string> on_volume;
  if (!found.directory.empty()) on_volume.push_back(found.directory);
  const int64_t volume_bytes = TRY(bytes_of(on_volume));
  const int64_t results_bytes = TRY(bytes_of(found.parts));
  const int64_t log_bytes = TRY(bytes_of(found.logs));
  const auto path = [](const std::string& text) { return text.empty() ? Value() : Value(text); };
  return Value::object({{"run", found.run.name},
                        {"open", path(found.open)},
                        {"change", "kept"},
                        {"directory", path(found.directory)},
                        {"volume_bytes", volume_bytes},
                        {"bucket", found.run.bucket},
                        {"results", path(found.results)},
                        {"results_bytes", results_bytes},
                        {"log_bytes", log_bytes}});
}

// What says which run it is goes last, so that after a crash the rest is found again.
Result<void> remove(const Services& services, const Leftover& found) {
  TRY(remove_trees(found.logs));
  std::vector<std::string> parts = found.parts;
  if (!parts.empty()) {
    const std::string last = parts.back();
    parts.pop_back();
    TRY(remove_trees(parts));
    TRY(world::remove_tree(last));
  }
  // Where somebody else has put something into it, it stays.
  if (!found.results.empty()) ::rmdir(found.results.c_str());
  TRY(remove_from_volume(services, found.run.name));
  return {};
}

}  // namespace

Result<Value> kept(const Services& services, functions::Call&) {
  Value::Array runs;
  for (const Leftover& found : TRY(find_leftovers(services))) runs.push_back(TRY(shown(found)));
  return Value::object({{"volume", services.settings.volume},
                        {"logs", services.settings.log_directory},
                        {"runs", std::move(runs)}});
}

Result<Value> purge(const Services& services, functions::Call& call) {
  const Value asked = call.event["runs"];
  if (!asked.is_array())
    return Error(ErrorCode::invalid_argument, "'runs' must be a list of names of runs");
  Value::Array runs;
  for (const Leftover& found : TRY(find_leftovers(services))) {
    if (std::ranges::find(asked.elements(), Value(found.run.name)) == asked.elements().end())
      continue;
    if (call.cancellation.is_requested()) return Error(ErrorCode::cancelled, "purge was stopped");
    Value row = TRY(shown(found));
    // Again: those before it took their time.
    const std::string open = TRY(why_open(services, found.run));
    row = row.with("open", open.empty() ? Value() : Value(open));
    if (open.empty()) {
      TRY(remove(services, found));
      row = row.with("change", "removed");
    }
    runs.push_back(std::move(row));
  }
  return Value::object({{"runs", std::move(runs)}});
}

}  // namespace pawl::arrays
