#include "asl/variable_references.h"

#include <set>

namespace pawl::asl {
namespace {

// What one state reads: each function takes a part of it.
class References {
 public:
  void add(const Path& path) {
    if (!path.variable().empty()) names_.emplace(path.variable());
  }
  void add(const PathOrNull& path) { add(path.path); }
  void add(const Query& query) {
    for (auto& name : query.variables()) names_.insert(std::move(name));
  }
  void add(const Template& payload) {
    for (auto& name : payload.variables()) names_.insert(std::move(name));
  }
  void add(const Condition& condition) {
    for (auto& name : condition.variables()) names_.insert(std::move(name));
  }
  void add(const NumberOrPath& number) { add(number.value); }
  void add(const TextOrExpression& text) { add(text.value); }
  template <typename Part>
  void add(const std::optional<Part>& part) {
    if (part) add(*part);
  }
  template <typename... Forms>
  void add(const std::variant<Forms...>& part) {
    std::visit([this](const auto& form) { this->add(form); }, part);
  }
  void add(bool) {}
  void add(int64_t) {}
  void add(double) {}
  void add(const std::string&) {}

  void add(const Pass&) {}
  void add(const Succeed&) {}
  void add(const Parallel&) {}
  void add(const Task& task) {
    add(task.timeout_seconds);
    add(task.heartbeat_seconds);
    add(task.credentials);
  }
  void add(const Choice& choice) {
    for (const auto& rule : choice.rules) {
      add(rule.condition);
      add(rule.assign);
      add(rule.output);
    }
  }
  void add(const Wait& wait) {
    add(wait.seconds_path);
    add(wait.timestamp_path);
    add(wait.seconds_query);
    add(wait.timestamp_query);
  }
  void add(const Fail& fail) {
    add(fail.error);
    add(fail.cause);
  }
  void add(const ItemReader& reader) {
    add(reader.parameters);
    add(reader.items_max);
  }
  void add(const ItemBatcher& batcher) {
    add(batcher.items_max);
    add(batcher.bytes_max);
    add(batcher.batch_input);
  }
  void add(const ResultWriter& writer) { add(writer.parameters); }
  void add(const Map& map) {
    add(map.items_path);
    add(map.items);
    add(map.reader);
    add(map.batcher);
    add(map.writer);
    add(map.item_selector);
    add(map.max_concurrency);
    add(map.tolerated_failure_count);
    add(map.tolerated_failure_percentage);
  }
  void add(const State& state) {
    add(state.kind);
    add(state.input_path);
    add(state.output_path);
    add(state.parameters);
    add(state.result_selector);
    add(state.assign);
    add(state.output);
    for (const auto& catcher : state.catchers) {
      add(catcher.assign);
      add(catcher.output);
    }
  }

  std::vector<std::string> names() const { return {names_.begin(), names_.end()}; }

 private:
  std::set<std::string> names_;
};

using All = std::map<std::string, std::vector<std::string>>;

void add_states(const States& states, All& all) {
  for (const auto& [name, state] : states.by_name) {
    References references;
    references.add(*state);
    if (auto names = references.names(); !names.empty()) all[name] = std::move(names);
    if (const auto* parallel = std::get_if<Parallel>(&state->kind))
      for (const States& branch : parallel->branches) add_states(branch, all);
    if (const auto* map = std::get_if<Map>(&state->kind)) add_states(map->processor, all);
  }
}

}  // namespace

All variable_references(const Machine& machine) {
  All all;
  add_states(machine.states, all);
  return all;
}

}  // namespace pawl::asl
