#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "asl/machine.h"
#include "execution/command.h"

namespace pawl::trials {

// Which parts of a machine the executions went through: its states, the rules of its Choices, its
// retriers and catchers. The machine must outlive it.
class Coverage {
 public:
  using Kind = execution::Step::Kind;
  struct Part {
    Kind kind;
    std::string name;  // "Route", "Route: rule 1 → Ship", "Charge: catcher 2 (States.ALL) → Refund"
    bool is_covered = false;
  };

  explicit Coverage(const asl::Machine& machine);
  void note(const execution::Step& step);

  // A state, then what it holds.
  const std::vector<Part>& parts() const { return parts_; }

  struct Count {
    size_t covered = 0, all = 0;
  };
  Count count(Kind kind) const;
  std::vector<std::string> not_covered() const;

 private:
  void add(const asl::States& states);
  void add(const asl::State& state);
  void add(const asl::State& state, Kind kind, size_t index, std::string name);

  std::vector<Part> parts_;
  std::map<std::tuple<const asl::State*, Kind, size_t>, size_t> places_;
};

}  // namespace pawl::trials
