#pragma once

#include <optional>
#include <string_view>

namespace pawl::integrations {

// What a task's resource asks for:
//
//   arn:<partition>:states:::<service>:<action>            the service's own integration
//   arn:<partition>:states:::aws-sdk:<service>:<action>    any action of its API
struct Resource {
  std::string_view service, action;
  bool is_sdk = false;
};
std::optional<Resource> parse_resource(std::string_view text);

}  // namespace pawl::integrations
