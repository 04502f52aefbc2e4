#include "engine/heartbeat.h"

#include <algorithm>

namespace pawl::engine {
namespace {

// Where the seconds are read at a path, they may be as few as one.
constexpr Duration shortest_interval = milliseconds(300);

const asl::State* find(const asl::States& states, std::string_view name) {
  const auto found = states.by_name.find(name);
  if (found != states.by_name.end()) return found->second.get();
  for (const auto& [_, state] : states.by_name) {
    if (const auto* parallel = std::get_if<asl::Parallel>(&state->kind)) {
      for (const asl::States& branch : parallel->branches) {
        if (const asl::State* inner = find(branch, name)) return inner;
      }
    }
    if (const auto* map = std::get_if<asl::Map>(&state->kind)) {
      if (const asl::State* inner = find(map->processor, name)) return inner;
    }
  }
  return nullptr;
}

}  // namespace

std::optional<Duration> heartbeat_interval(const asl::Machine& machine, std::string_view state) {
  const asl::State* found = find(machine.states, state);
  const auto* task = found == nullptr ? nullptr : std::get_if<asl::Task>(&found->kind);
  if (task == nullptr || !task->heartbeat_seconds) return std::nullopt;
  const auto* fixed = std::get_if<int64_t>(&task->heartbeat_seconds->value);
  if (fixed == nullptr) return shortest_interval;
  return std::max(shortest_interval, Duration(seconds(*fixed)) / 4);
}

}  // namespace pawl::engine
