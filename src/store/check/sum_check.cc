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

Result<void> count_unchecked(Reading& reading) {
  Statement row = TRY(
      reading.connection.statement("SELECT (SELECT count(*) FROM executions WHERE checksum IS NULL)"
                                   " + (SELECT count(*) FROM inputs WHERE checksum IS NULL)"
                                   " + (SELECT count(*) FROM results WHERE checksum IS NULL)"
                                   " + (SELECT count(*) FROM job_changes WHERE checksum IS NULL)"));
  TRY(row.step());
  reading.report.unchecked_rows = row.integer(0);
  return {};
}

}  // namespace

Result<void> read_row_sums(Reading& reading) {
  const Sums all[] = {
      {"facts", "'fact ' || name", is_whole(columns::facts)},
      {"machines", "'machine ' || arn", is_whole(columns::machines)},
      {"versions", "'version ' || machine_arn || ':' || number", is_whole(columns::versions)},
      {"aliases", "'alias ' || arn", is_whole(columns::aliases)},
      {"activities", "'activity ' || arn", is_whole(columns::activities)},
      {"tags", "'the tags of ' || arn", is_whole(columns::tags)},
      {"executions", "'execution ' || arn", std::string(execution_is_whole)},
      {"executions", "'where the history of execution ' || arn || ' ends'",
       std::string(head_is_whole)},
      {"inputs", concat("'the input", of_execution), std::string(input_is_whole)},
      {"results", concat("'the result", of_execution), std::string(result_is_whole)},
      {"documents", "'document ' || kind || ' ' || key", is_whole(columns::documents)},
      {"job_changes", "'change ' || position || ' of job ' || job",
       std::string(job_change_is_whole)},
  };
  uint64_t done = 0;
  for (const Sums& sums : all) {
    TRY(reading.tell({.what = "comparing rows with their checksums",
                      .done = done++,
                      .total = std::size(all),
                      .unit = "tables"}));
    // A page that cannot be read keeps nobody from the other tables.
    TRY(read_part(reading, concat("the table ", sums.table), read_sums(reading, sums)));
  }
  return read_part(reading, "rows without checksums", count_unchecked(reading));
}

}  // namespace pawl::store
