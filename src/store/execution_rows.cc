#include "store/execution_rows.h"

#include "base/text.h"
#include "store/row_checksums.h"
#include "store/texts.h"

namespace pawl::store {
namespace {

Instant instant(int64_t microseconds) { return Instant(Duration(microseconds)); }

constexpr std::string_view own_columns =
    "SELECT executions.id, arn, name, machine_arn, role_arn, started_by, status, started, stopped,"
    " type, version, alias, revision_id, settings, machine_updated, redrives, redriven, ";
enum Column {
  own_sum = 17,
  error,
  cause,
  result_sum,
  definition,
  input,
  large_input,
  input_sum,
  output,
  large_output
};

constexpr std::string_view tables =
    " FROM executions LEFT JOIN results ON results.execution = executions.id";

Error not_its_sum() { return Error(ErrorCode::corrupt, "it is not what its checksum is of"); }

Result<Execution> read_own(const Statement& row) {
  Execution execution;
  execution.id = row.integer(0);
  if (row.integer(own_sum) == 0)
    return damaged_execution(execution.id, concat("its row: ", not_its_sum().message()));
  execution.arn = row.text(1);
  execution.name = row.text(2);
  execution.machine_arn = row.text(3);
  execution.role_arn = row.text(4);
  execution.started_by = row.text(5);
  execution.status = row.text(6);
  execution.started = instant(row.integer(7));
  if (!row.is_null(8)) execution.stopped = instant(row.integer(8));
  execution.type = row.text(9);
  execution.version = row.integer(10);
  execution.alias = row.text(11);
  execution.revision_id = row.text(12);
  execution.settings = row.text(13);
  if (!row.is_null(14)) execution.machine_updated = instant(row.integer(14));
  execution.redrives = row.integer(15);
  if (!row.is_null(16)) execution.redriven = instant(row.integer(16));
  return execution;
}

// What is in the column or, where it is large, in the text that the next column names.
Result<std::string> read_either(Connection& connection, const Statement& row, int column, int sum) {
  if (row.is_null(column)) return Error(ErrorCode::corrupt, "its row is missing");
  if (row.integer(sum) == 0) return not_its_sum();
  if (row.is_null(column + 1)) return row.text(column);
  return read_text(connection, row.integer(column + 1));
}

}  // namespace

// A list does not read what a success has for its output, which may be far longer than its row.
std::string select_listed() {
  return concat(own_columns, execution_is_whole,
                ", error, cause, CASE WHEN stopped IS NULL OR status = 'SUCCEEDED' THEN NULL ELSE ",
                result_is_whole, " END", tables);
}

std::string select_whole() {
  return concat(own_columns, execution_is_whole, ", error, cause, ", result_is_whole,
                ", definition, input, inputs.large, ", input_is_whole, ", output, results.large",
                tables, " LEFT JOIN inputs ON inputs.execution = executions.id");
}

Result<Execution> read_listed(const Statement& row) {
  Execution execution = TRY(read_own(row));
  if (!execution.stopped || execution.status == "SUCCEEDED") return execution;
  if (row.is_null(error)) return damaged_execution(execution.id, "its result: its row is missing");
  if (row.integer(result_sum) == 0)
    return damaged_execution(execution.id, concat("its result: ", not_its_sum().message()));
  execution.error = row.text(error);
  execution.cause = row.text(cause);
  return execution;
}

Result<Execution> read_whole(Connection& connection, const Statement& row) {
  Execution execution = TRY(read_own(row));
  const auto whole = [&](Result<std::string> text, std::string_view what) -> Result<std::string> {
    if (text.has_value() || text.error().code() != ErrorCode::corrupt) return text;
    return damaged_execution(execution.id, concat("its ", what, ": ", text.error().message()));
  };
  execution.definition = TRY(whole(read_text(connection, row.integer(definition)), "definition"));
  execution.input = TRY(whole(read_either(connection, row, input, input_sum), "input"));
  if (!execution.stopped) return execution;
  execution.output = TRY(whole(read_either(connection, row, output, result_sum), "result"));
  execution.error = row.text(error);
  execution.cause = row.text(cause);
  return execution;
}

Result<std::optional<int64_t>> read_head(Connection& connection, int64_t id) {
  static const std::string select =
      concat("SELECT head, ", head_is_whole, " FROM executions WHERE id = ?");
  Statement row = TRY(connection.statement(select));
  row.bind(id);
  if (!TRY(row.step())) return std::optional<int64_t>();
  if (row.integer(1) != 0) return std::optional<int64_t>(row.integer(0));
  return damaged_execution(id, concat("where its history ends: ", not_its_sum().message()));
}

Error damaged_execution(int64_t id, std::string_view what) {
  return Error(ErrorCode::corrupt, concat("execution ", id, " is damaged: ", what),
               "Restore the data directory from a backup.");
}

}  // namespace pawl::store
