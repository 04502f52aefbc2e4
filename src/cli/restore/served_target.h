#pragma once

#include <string>
#include <string_view>

#include "cli/arguments.h"
#include "cli/client.h"

namespace pawl::cli {

// The restored cluster that stop, start and remove are about.
struct ServedTarget {
  std::string name, region;

  void declare(Arguments& arguments);
  Result<json::Value> invoke(const Client& client, std::string_view function) const;
};

}  // namespace pawl::cli
