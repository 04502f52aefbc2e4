#pragma once

#include <optional>
#include <string_view>
#include <vector>

namespace pawl {

// arn:<partition>:<service>:<region>:<account>:<resource>. The pieces point into the text.
struct Arn {
  std::string_view partition, service, region, account, resource;

  // Of the resource: "execution:<machine>:<name>" has three.
  std::vector<std::string_view> resource_pieces() const;
};

std::optional<Arn> parse_arn(std::string_view text);

}  // namespace pawl
