#include "api/lambda/configuration.h"
#include "base/text.h"

namespace pawl::api::lambda {

Result<Reply> create_function(const Asked& asked) {
  auto* host = TRY(host_of(asked));
  TRY(check_settings(asked.input, true));
  functions::processes::Definition definition;
  definition.name = asked.input.string_at("functionName").value_or("");
  if (asked.rooms.functions.registry().find(definition.name))
    return Error(ErrorCode::already_exists,
                 concat("Function already exist: ", definition.name, ", which is built in"));
  definition.runtime.clear();
  TRY(apply_settings(asked, definition));
  const auto code = TRY(code_of(asked.input["code"]));
  if (definition.runtime.empty())
    return invalid_parameter("Runtime is mandatory for Zip functions");
  const bool needs_handler = functions::processes::is_python(definition.runtime);
  if (needs_handler && definition.handler.empty())
    return invalid_parameter(
        "Runtime and Handler are mandatory parameters for functions created "
        "with deployment packages.");
  // Before it is unpacked in vain; what is created meanwhile is found then.
  if (host->find(definition.name)) return functions::processes::name_is_taken(definition.name);
  auto ready = TRY(host->make_ready(code));
  const auto created = TRY(host->create(std::move(definition), std::move(ready)));
  return Reply{201, configuration(asked, *created)};
}

}  // namespace pawl::api::lambda
