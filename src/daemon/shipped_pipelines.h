#pragma once

#include <string>
#include <vector>

namespace pawl::daemon {

// A pipeline that comes with the program: pipelines/, embedded when it is built.
struct ShippedPipeline {
  std::string machine, definition;
};
std::vector<ShippedPipeline> shipped_pipelines();

// The definition with the account and region it is written for replaced by those of this server.
std::string at_home(std::string definition, const std::string& region, const std::string& account);

}  // namespace pawl::daemon
