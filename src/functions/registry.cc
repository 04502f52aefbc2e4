#include "base/check.h"
#include "functions/function.h"

namespace pawl::functions {

void Registry::add(Function function) {
  CHECK(function.body != nullptr);
  std::string name = function.name;
  const bool is_new = functions_.emplace(std::move(name), std::move(function)).second;
  CHECK(is_new);
}

const Function* Registry::find(std::string_view name) const {
  const auto found = functions_.find(name);
  return found == functions_.end() ? nullptr : &found->second;
}

}  // namespace pawl::functions
