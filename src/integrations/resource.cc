#include "integrations/resource.h"

#include "base/arn.h"

namespace pawl::integrations {

std::optional<Resource> parse_resource(std::string_view text) {
  const auto arn = parse_arn(text);
  if (!arn || arn->service != "states" || !arn->region.empty() || !arn->account.empty())
    return std::nullopt;
  const auto pieces = arn->resource_pieces();
  if (pieces.size() == 3 && pieces[0] == "aws-sdk") return Resource{pieces[1], pieces[2], true};
  if (pieces.size() == 2) return Resource{pieces[0], pieces[1]};
  return std::nullopt;
}

}  // namespace pawl::integrations
