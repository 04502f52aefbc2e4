#include "engine/past.h"

#include "base/text.h"
#include "engine/names.h"
#include "engine/service_errors.h"
#include "json/parse.h"

namespace pawl::engine {

execution::Identity identity_of(const store::Execution& row, json::Value input) {
  return {.execution_arn = row.arn,
          .execution_name = row.name,
          .machine_arn = row.machine_arn,
          .machine_name = std::string(name_in_arn(row.machine_arn)),
          .role_arn = row.role_arn,
          .started = row.started,
          .input = std::move(input),
          .number = row.id};
}

Result<Past> past_of(store::Store& store, const store::Execution& row) {
  asl::Parsed parsed = asl::parse_definition(row.definition);
  if (!parsed.machine) return invalid_definition(parsed.diagnostics);
  auto input = json::parse(row.input);
  if (!input)
    return Error(ErrorCode::corrupt, concat("its input is damaged: ", input.error().message()));
  auto records = TRY(store.records(row.id));
  return Past{std::move(parsed.machine), identity_of(row, *std::move(input)), std::move(records)};
}

Result<std::optional<store::Execution>> stored_row(store::Store& store, const std::string& arn) {
  auto row = store.execution(arn);
  if (!row) return naming(arn, std::move(row).error());
  return row;
}

Error naming(const std::string& arn, Error error) {
  if (error.code() != ErrorCode::corrupt) return error;
  std::string hint =
      error.hint().empty() ? "Restore the data directory from a backup." : error.hint();
  return std::move(error).within("the stored data of " + arn).with_hint(std::move(hint));
}

}  // namespace pawl::engine
