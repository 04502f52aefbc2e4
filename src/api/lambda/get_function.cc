#include "api/lambda/configuration.h"
#include "base/text.h"

namespace pawl::api::lambda {
namespace {

using functions::processes::Code;

// Where the code is from, in place of a signed link.
std::string location(const Code& code) {
  switch (code.kind) {
    case Code::Kind::archive:
      return "";
    case Code::Kind::directory:
      return "file://" + code.place;
    case Code::Kind::command:
      return "command:" + code.place;
  }
  return {};
}

}  // namespace

Result<Reply> get_function_configuration(const Asked& asked) {
  if (asked.function.version != "$LATEST") return not_found(asked);
  if (const auto* built_in = asked.rooms.functions.registry().find(asked.function.name))
    return Reply{200, configuration(asked, *built_in)};
  auto* host = asked.rooms.functions.host();
  const auto definition = host ? host->find(asked.function.name) : nullptr;
  if (!definition) return not_found(asked);
  return Reply{200, configuration(asked, *definition)};
}

Result<Reply> get_function(const Asked& asked) {
  const Reply shown = TRY(get_function_configuration(asked));
  auto answer = json::Value::object({{"Configuration", shown.body}});
  auto* host = asked.rooms.functions.host();
  const auto definition = host ? host->find(asked.function.name) : nullptr;
  if (!definition) return Reply{200, answer};
  const json::Value code =
      json::Value::object({{"RepositoryType", "pawl"}, {"Location", location(definition->code)}});
  answer = answer.with("Code", code);
  if (definition->reserved_concurrency)
    answer = answer.with(
        "Concurrency",
        json::Value::object({{"ReservedConcurrentExecutions", *definition->reserved_concurrency}}));
  return Reply{200, answer};
}

}  // namespace pawl::api::lambda
