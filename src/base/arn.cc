#include "base/arn.h"

#include "base/text.h"

namespace pawl {

std::vector<std::string_view> Arn::resource_pieces() const { return split(resource, ':'); }

std::optional<Arn> parse_arn(std::string_view text) {
  std::string_view pieces[5];
  for (auto& piece : pieces) {
    const auto colon = text.find(':');
    if (colon == text.npos) return std::nullopt;
    piece = text.substr(0, colon);
    text.remove_prefix(colon + 1);
  }
  if (pieces[0] != "arn" || pieces[1].empty() || pieces[2].empty() || text.empty())
    return std::nullopt;
  return Arn{pieces[1], pieces[2], pieces[3], pieces[4], text};
}

}  // namespace pawl
