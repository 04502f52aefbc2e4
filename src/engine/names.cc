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

std::string activity_arn(const Options& options, std::string_view name) {
  return concat("arn:aws:states:", options.region, ":", options.account, ":activity:", name);
}

QualifiedArn parse_machine_arn(std::string_view arn) {
  constexpr size_t plain_pieces = 7;
  size_t colon = std::string_view::npos;
  for (size_t piece = 0; piece < plain_pieces; ++piece) {
    colon = arn.find(':', piece == 0 ? 0 : colon + 1);
    if (colon == arn.npos) return {std::string(arn), 0, {}};
  }
  QualifiedArn qualified{std::string(arn.substr(0, colon)), 0, {}};
  const std::string_view qualifier = arn.substr(colon + 1);
  const auto number = parse_integer(qualifier);
  if (number && *number > 0) {
    qualified.version = *number;
  } else if (qualifier.empty()) {
    qualified.machine_arn = arn;  // as it is, which names nothing
  } else {
    qualified.alias = qualifier;
  }
  return qualified;
}

std::string version_arn(std::string_view machine_arn, int64_t version) {
  return concat(machine_arn, ":", version);
}

std::string alias_arn(std::string_view machine_arn, std::string_view name) {
  return concat(machine_arn, ":", name);
}

std::string express_arn(std::string_view machine_arn, std::string_view name,
                        std::string_view mark) {
  return concat(replace_all(machine_arn, ":stateMachine:", ":express:"), ":", name, ":", mark);
}

std::string execution_arn(std::string_view machine_arn, std::string_view name) {
  return concat(replace_all(machine_arn, ":stateMachine:", ":execution:"), ":", name);
}

std::string_view name_in_arn(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

}  // namespace pawl::engine
