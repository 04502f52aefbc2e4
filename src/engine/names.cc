#include "engine/names.h"

#include "base/plain_name.h"
#include "base/text.h"
#include "engine/limits.h"

namespace pawl::engine {

bool is_valid_name(std::string_view name) { return is_plain_name(name, name_characters_max); }

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
