#include "asl/machine.h"

#include <array>

namespace pawl::asl {

const State& States::at(std::string_view name) const {
  const auto found = by_name.find(name);
  CHECK(found != by_name.end());
  return *found->second;
}

std::string_view State::type() const {
  // In the order of the variant.
  constexpr std::array<std::string_view, 8> names{"Pass",    "Task", "Choice",   "Wait",
                                                  "Succeed", "Fail", "Parallel", "Map"};
  return names[kind.index()];
}

}  // namespace pawl::asl
