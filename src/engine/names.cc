#include "engine/names.h"

#include "base/text.h"
#include "engine/limits.h"

namespace pawl::engine {
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

bool is_valid_name(std::string_view name) {
  if (name.empty() || characters(name) > name_characters_max) return false;
  for (size_t at = 0; at < name.size(); ++at) {
    if (forbidden.find(name[at]) != forbidden.npos || is_control(name, at)) return false;
  }
  return true;
}

std::string machine_arn(const Options& options, std::string_view name) {
  return concat("arn:aws:states:", options.region, ":", options.account, ":stateMachine:", name);
}

std::string execution_arn(std::string_view machine_arn, std::string_view name) {
  return concat(replace_all(machine_arn, ":stateMachine:", ":execution:"), ":", name);
}

std::string_view name_in_arn(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

}  // namespace pawl::engine
