#include "integrations/resource.h"

#include "base/text.h"

namespace pawl::integrations {

std::optional<Resource> parse_resource(std::string_view text) {
  const auto pieces = split(text, ':');
  const bool is_integration = pieces.size() > 6 && pieces[0] == "arn" && pieces[2] == "states" &&
                              pieces[3].empty() && pieces[4].empty();
  if (!is_integration) return std::nullopt;
  if (pieces.size() == 8 && pieces[5] == "aws-sdk") return Resource{pieces[6], pieces[7], true};
  if (pieces.size() == 7) return Resource{pieces[5], pieces[6]};
  return std::nullopt;
}

}  // namespace pawl::integrations
