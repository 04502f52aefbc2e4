#include "base/plain_name.h"

#include <cstdint>

namespace pawl {
namespace {

constexpr std::string_view forbidden = " <>{}[]?*\"#%\\^|~`$&,;:/";

bool is_control(std::string_view name, size_t at) {
  const auto byte = static_cast<uint8_t>(name[at]);
  if (byte < 0x20 || byte == 0x7f) return true;
  // U+0080 to U+009F.
  return byte == 0xc2 && at + 1 < name.size() && static_cast<uint8_t>(name[at + 1]) < 0xa0;
}

size_t characters(std::string_view name) {
  size_t count = 0;
  for (const char byte : name) count += (static_cast<uint8_t>(byte) & 0xc0) != 0x80;
  return count;
}

}  // namespace

bool is_plain_name(std::string_view name, size_t characters_max) {
  if (name.empty() || characters(name) > characters_max) return false;
  for (size_t at = 0; at < name.size(); ++at) {
    if (forbidden.find(name[at]) != forbidden.npos || is_control(name, at)) return false;
  }
  return true;
}

}  // namespace pawl
