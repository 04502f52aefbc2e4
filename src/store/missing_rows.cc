#include "store/missing_rows.h"

#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "store/row_checksums.h"

namespace pawl::store {
namespace {

struct Question {
  const char* missing;  // said with their number
  const char* count;
};
constexpr Question questions[] = {
    {"facts",
     "WITH needed(name) AS (VALUES ('checkpoint'), ('secret'), ('secret 2'), ('secret 3'))"
     " SELECT count(*) FROM needed WHERE name NOT IN (SELECT name FROM facts)"},
    {"definitions of machines",
     "SELECT count(*) FROM machines WHERE definition NOT IN (SELECT id FROM texts)"},
    {"definitions of versions",
     "SELECT count(*) FROM versions WHERE definition NOT IN (SELECT id FROM texts)"},
    {"definitions of running executions",
     "SELECT count(*) FROM executions WHERE status = 'RUNNING'"
     " AND definition NOT IN (SELECT id FROM texts)"},
    {"inputs of running executions",
     "SELECT count(*) FROM executions WHERE status = 'RUNNING'"
     " AND NOT EXISTS (SELECT 1 FROM inputs WHERE execution = executions.id"
     " AND (large IS NULL OR large IN (SELECT id FROM texts)))"},
    // Their numbers would be given again.
    {"executions that inputs belong to",
     "SELECT count(*) FROM inputs WHERE execution > (SELECT coalesce(max(id), 0) FROM executions)"},
};

Result<int64_t> count_executions_without_records(Connection& connection,
                                                 const JournalHeads& heads) {
  Statement row = TRY(connection.passing_statement(
      "SELECT id FROM executions WHERE status = 'RUNNING' AND head = 0"));
  int64_t count = 0;
  while (TRY(row.step())) {
    if (heads.find(row.integer(0)).value_or(0) == 0) ++count;
  }
  return count;
}

Result<int64_t> count_records_without_execution(Connection& connection, const JournalHeads& heads) {
  int64_t count = 0;
  for (const auto& [execution_id, position] : heads.all()) {
    Statement row = TRY(connection.statement("SELECT 1 FROM executions WHERE id = ?"));
    if (!TRY(row.bind(execution_id).step())) ++count;
  }
  return count;
}

}  // namespace

Result<void> refuse_damaged_facts(Connection& connection) {
  Statement row = TRY(connection.passing_statement(
      concat("SELECT name FROM facts WHERE (", is_whole(columns::facts), ") IS NOT TRUE")));
  std::string damaged;
  while (TRY(row.step())) damaged += concat(damaged.empty() ? "" : ", ", row.text(0));
  if (damaged.empty()) return {};
  return Error(
      ErrorCode::corrupt,
      concat("the facts ", damaged, " are damaged: they are not what their checksums are of"),
      "Restore the data directory from a backup.");
}

Result<void> tell_damaged_rows(Connection& connection) {
  for (const SummedTable& table : summed_tables) {
    Statement row = TRY(connection.passing_statement(
        concat("SELECT ", table.place, " FROM ", table.name, " WHERE (", is_whole(table.columns),
               ") IS NOT TRUE LIMIT 100")));
    while (TRY(row.step()))
      log(LogLevel::error, "a row is damaged; all else goes on",
          {{"row", row.text(0)}, {"hint", "`pawl store check` tells all that is damaged."}});
  }
  return {};
}

Result<void> refuse_missing_rows(Connection& connection, const JournalHeads& heads) {
  std::string missing;
  const auto add = [&](int64_t count, std::string_view what) {
    if (count > 0) missing += concat(missing.empty() ? "" : ", ", count, " ", what);
  };
  for (const Question& question : questions) {
    Statement row = TRY(connection.passing_statement(question.count));
    TRY(row.step());
    add(row.integer(0), question.missing);
  }
  add(TRY(count_executions_without_records(connection, heads)), "histories of running executions");
  add(TRY(count_records_without_execution(connection, heads)), "executions that have a history");
  if (missing.empty()) return {};
  return Error(ErrorCode::corrupt, concat("rows are missing in the data file: ", missing),
               "Restore the data directory from a backup.");
}

}  // namespace pawl::store
