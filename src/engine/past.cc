#include "engine/past.h"

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
  auto input = TRY(json::parse(row.input));
  auto records = TRY(store.records(row.id));
  return Past{std::move(parsed.machine), identity_of(row, std::move(input)), std::move(records)};
}

}  // namespace pawl::engine
