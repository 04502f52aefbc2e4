#include "api/states/test_state/request.h"
#include "asl/parse.h"
#include "base/text.h"
#include "engine/service_errors.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::api::states {
namespace {

using json::Value;

// A state that stands alone has this name, in messages and in the context object.
constexpr std::string_view lone_name = "StateName";

// The states that one state may go to.
std::vector<std::string> targets(const Value& state) {
  std::vector<std::string> names;
  const auto add = [&names](const Value& from, std::string_view field) {
    if (auto name = from.string_at(field)) names.push_back(*std::move(name));
  };
  add(state, "Next");
  add(state, "Default");
  for (const char* list : {"Choices", "Catch"}) {
    const Value rules = state[list];
    if (!rules.is_array()) continue;
    for (const Value& rule : rules.elements())
      if (rule.is_object()) add(rule, "Next");
  }
  return names;
}

// A machine around the one state, in which whatever follows it ends at once.
std::string machine_around(const std::string& definition, const Value& state) {
  Value::Object stubs;
  for (const auto& name : targets(state))
    if (name != lone_name) stubs.push_back({name, Value::object({{"Type", "Succeed"}})});
  std::string text =
      concat("{\"StartAt\":\"", lone_name, "\",\"States\":{\"", lone_name, "\":", definition);
  const Value others = std::move(stubs);  // each name once
  for (const auto& [name, other] : others.members()) {
    text += ',';
    json::append_string(text, name);
    text += ':' + json::write(other);
  }
  return text + "}}";
}

TestedState found_in(const asl::States& states, std::string_view name);

TestedState found_within(const asl::State& state, std::string_view name) {
  if (const auto* map = std::get_if<asl::Map>(&state.kind)) return found_in(map->processor, name);
  if (const auto* parallel = std::get_if<asl::Parallel>(&state.kind))
    for (const auto& branch : parallel->branches)
      if (auto found = found_in(branch, name); found.state) return found;
  return {};
}

TestedState found_in(const asl::States& states, std::string_view name) {
  const auto here = states.by_name.find(name);
  if (here != states.by_name.end()) return {nullptr, &states, here->second.get()};
  for (const auto& [other, state] : states.by_name)
    if (auto found = found_within(*state, name); found.state) return found;
  return {};
}

}  // namespace

bool holds_state(const asl::State& state, std::string_view name) {
  return found_within(state, name).state != nullptr;
}

Result<TestedState> read_tested_state(const std::string& definition,
                                      const std::optional<std::string>& name) {
  const auto value = json::parse(definition);
  const bool is_lone = !name && value && value->is_object();
  auto parsed = asl::parse_definition(is_lone ? machine_around(definition, *value) : definition);
  if (!parsed.machine) return engine::invalid_definition(parsed.diagnostics);
  TestedState tested = found_in(parsed.machine->states, name ? *name : lone_name);
  if (tested.state == nullptr) return engine::invalid_request("State not found in definition");
  tested.machine = std::move(parsed.machine);
  return tested;
}

}  // namespace pawl::api::states
