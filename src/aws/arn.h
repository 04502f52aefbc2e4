#pragma once

#include <optional>
#include <string_view>

namespace pawl::aws {

// arn:<partition>:<service>:<region>:<account>:<resource>. The pieces point into the text.
struct Arn {
  std::string_view partition, service, region, account, resource;
};

std::optional<Arn> parse_arn(std::string_view text);

}  // namespace pawl::aws
