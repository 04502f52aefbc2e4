#include "base/text.h"
#include "store/check/reading.h"
#include "store/row_checksums.h"

namespace pawl::store {
namespace {

constexpr std::string_view of_execution =
    " of execution ' || coalesce((SELECT arn FROM executions WHERE id = execution), execution)";

struct Sums {
  std::string_view table;
  std::string place;  // what a row of it is called
  std::string is_whole;
};

Result<void> read_sums(Reading& reading, const Sums& sums) {
  Statement row = TRY(reading.connection.statement(concat(
      "SELECT ", sums.place, " FROM ", sums.table, " WHERE (", sums.is_whole, ") IS NOT TRUE")));
  while (TRY(row.step())) {
    // Of a row that has lost everything there is nothing to call it by.
    reading.find(row.is_null(0) ? concat("a row of the table ", sums.table) : row.text(0),
                 "is damaged: it is not what its checksum is of");
  }
  return {};
}

}  // namespace

Result<void> read_row_sums(Reading& reading) {
  std::vector<Sums> all;
  for (const SummedTable& each : summed_tables)
    all.push_back({each.name, std::string(each.place), is_whole(each.columns)});
  all.insert(all.end(),
             {{"executions", "'execution ' || arn", std::string(execution_is_whole)},
              {"executions", "'where the history of execution ' || arn || ' ends'",
               std::string(head_is_whole)},
              {"inputs", concat("'the input", of_execution), std::string(input_is_whole)},
              {"results", concat("'the result", of_execution), std::string(result_is_whole)},
              {"job_changes", "'change ' || position || ' of job ' || job",
               std::string(job_change_is_whole)}});
  uint64_t done = 0;
  for (const Sums& sums : all) {
    TRY(reading.tell({.what = "comparing rows with their checksums",
                      .done = done++,
                      .total = all.size(),
                      .unit = "tables"}));
    // A page that cannot be read keeps nobody from the other tables.
    TRY(read_part(reading, concat("the table ", sums.table), read_sums(reading, sums)));
  }
  return {};
}

Result<void> count_unchecked(Reading& reading) {
  // A table that came with a later format is not there, and a column neither.
  Statement table = TRY(reading.connection.statement(
      "SELECT name, name IN (SELECT m.name FROM sqlite_schema AS m, pragma_table_info(m.name) AS c"
      " WHERE c.name = 'checksum') FROM sqlite_schema WHERE type = 'table' AND"
      " name IN ('facts', 'machines', 'versions', 'aliases', 'activities', 'tags', 'executions',"
      " 'inputs', 'results', 'documents', 'job_changes')"));
  while (TRY(table.step())) {
    Statement rows = TRY(reading.connection.statement(
        concat("SELECT count(*) FROM ", table.text(0),
               table.integer(1) != 0 ? " WHERE checksum IS NULL" : "")));
    TRY(rows.step());
    reading.report.unchecked_rows += rows.integer(0);
  }
  return {};
}

}  // namespace pawl::store
