#include "api/lambda/configuration.h"

namespace pawl::api::lambda {

Result<Reply> update_function_code(const Asked& asked) {
  static constexpr std::string_view known[] = {"zipFile", "s3Bucket",   "s3Key",        "publish",
                                               "dryRun",  "revisionId", "architectures"};
  const auto before = TRY(changeable(asked));
  TRY(refuse_others(asked.input, known));
  TRY(check_settings(
      asked.input.without("zipFile").without("s3Bucket").without("s3Key").without("dryRun"),
      false));
  TRY(check_revision(asked.input, *before));
  json::Value::Object code;
  for (const char* name : {"zipFile", "s3Bucket", "s3Key"})
    if (const auto* value = asked.input.find(name)) code.push_back({name, *value});
  const auto source = TRY(code_of(code));
  if (asked.input.boolean_at("dryRun").value_or(false))
    return Reply{200, configuration(asked, *before)};
  auto* host = TRY(host_of(asked));
  auto ready = TRY(host->make_ready(source));
  // It may have changed meanwhile.
  const auto updated =
      TRY(host->update_code(asked.function.name, std::move(ready), [&](const auto& definition) {
        return check_revision(asked.input, definition);
      }));
  return Reply{200, configuration(asked, *updated)};
}

Result<Reply> update_function_configuration(const Asked& asked) {
  TRY(changeable(asked));
  TRY(check_settings(asked.input, false));
  const auto updated =
      TRY(TRY(host_of(asked))->update(asked.function.name, [&](auto& definition) -> Result<void> {
        TRY(check_revision(asked.input, definition));
        return apply_settings(asked, definition);
      }));
  return Reply{200, configuration(asked, *updated)};
}

}  // namespace pawl::api::lambda
