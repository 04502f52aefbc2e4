#include "trials/coverage.h"

#include "base/text.h"

namespace pawl::trials {

Coverage::Coverage(const asl::Machine& machine) { add(machine.states); }

void Coverage::add(const asl::States& states) {
  for (const auto& [name, state] : states.by_name) add(*state);
}

void Coverage::add(const asl::State& state) {
  add(state, Kind::entered, 0, state.name);
  if (const auto* choice = std::get_if<asl::Choice>(&state.kind)) {
    for (size_t i = 0; i < choice->rules.size(); ++i)
      add(state, Kind::rule, i, concat(state.name, ": rule ", i + 1, " → ", choice->rules[i].next));
    if (!choice->default_next.empty())
      add(state, Kind::rule, choice->rules.size(),
          concat(state.name, ": Default → ", choice->default_next));
  }
  for (size_t i = 0; i < state.retriers.size(); ++i)
    add(state, Kind::retrier, i,
        concat(state.name, ": retrier ", i + 1, " (", join(state.retriers[i].errors, ", "), ")"));
  for (size_t i = 0; i < state.catchers.size(); ++i)
    add(state, Kind::catcher, i,
        concat(state.name, ": catcher ", i + 1, " (", join(state.catchers[i].errors, ", "), ") → ",
               state.catchers[i].next));
  if (const auto* map = std::get_if<asl::Map>(&state.kind)) add(map->processor);
  if (const auto* parallel = std::get_if<asl::Parallel>(&state.kind))
    for (const auto& branch : parallel->branches) add(branch);
}

void Coverage::add(const asl::State& state, Kind kind, size_t index, std::string name) {
  places_.emplace(std::tuple(&state, kind, index), parts_.size());
  parts_.push_back({kind, std::move(name)});
}

void Coverage::note(const execution::Step& step) {
  parts_[places_.at({&step.state, step.kind, step.index})].is_covered = true;
}

Coverage::Count Coverage::count(Kind kind) const {
  Count count;
  for (const auto& part : parts_) {
    if (part.kind != kind) continue;
    ++count.all;
    if (part.is_covered) ++count.covered;
  }
  return count;
}

std::vector<std::string> Coverage::not_covered() const {
  std::vector<std::string> names;
  for (const auto& part : parts_)
    if (!part.is_covered) names.push_back(part.name);
  return names;
}

}  // namespace pawl::trials
