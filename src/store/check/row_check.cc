#include "base/text.h"
#include "store/catalogue_text.h"
#include "store/check/reading.h"

namespace pawl::store {
namespace {

// Each names the places where something is amiss. What runs is also looked at when a server starts
// (missing_rows.h), by count alone and faster.
struct Question {
  const char* what;
  const char* places;
};
constexpr Question questions[] = {
    {"is missing",
     "WITH needed(name) AS (VALUES ('checkpoint'), ('secret'), ('secret 2'), ('secret 3'))"
     " SELECT 'fact ' || name FROM needed WHERE name NOT IN (SELECT name FROM facts)"},
    {"names a definition that is missing",
     "SELECT 'machine ' || arn FROM machines WHERE definition NOT IN (SELECT id FROM texts)"},
    {"names a definition that is missing",
     "SELECT 'version ' || machine_arn || ':' || number FROM versions"
     " WHERE definition NOT IN (SELECT id FROM texts)"},
    {"names a definition that is missing",
     "SELECT 'execution ' || arn FROM executions WHERE definition NOT IN (SELECT id FROM texts)"},
    {"is of a machine that is missing",
     "SELECT 'version ' || machine_arn || ':' || number FROM versions"
     " WHERE machine_arn NOT IN (SELECT arn FROM machines)"},
    {"is of a machine that is missing",
     "SELECT 'alias ' || arn FROM aliases WHERE machine_arn NOT IN (SELECT arn FROM machines)"},
    {"has no input",
     "SELECT 'execution ' || arn FROM executions WHERE NOT EXISTS (SELECT 1 FROM inputs"
     " WHERE execution = executions.id AND (large IS NULL OR large IN (SELECT id FROM texts)))"},
    {"has ended and has no result",
     "SELECT 'execution ' || arn FROM executions WHERE status <> 'RUNNING' AND NOT EXISTS"
     " (SELECT 1 FROM results WHERE execution = executions.id"
     " AND (large IS NULL OR large IN (SELECT id FROM texts)))"},
    {"runs and has a result",
     "SELECT 'execution ' || arn FROM executions WHERE status = 'RUNNING'"
     " AND id IN (SELECT execution FROM results)"},
    {"has a status that cannot be",
     "SELECT 'execution ' || arn FROM executions WHERE"
     " status NOT IN ('RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED')"
     " OR (status = 'RUNNING') <> (stopped IS NULL)"},
    {"has an input, and no row of its own",
     "SELECT 'execution ' || execution FROM inputs"
     " WHERE execution NOT IN (SELECT id FROM executions)"},
    {"has a result, and no row of its own",
     "SELECT 'execution ' || execution FROM results"
     " WHERE execution NOT IN (SELECT id FROM executions)"},
    {"is no JSON",
     "SELECT 'document ' || kind || ' ' || key FROM documents WHERE NOT json_valid(text)"},
    {"is no JSON",
     "SELECT 'change ' || position || ' of job ' || job FROM job_changes WHERE NOT "
     "json_valid(text)"},
    {"has lost its beginning",
     "SELECT 'job ' || job FROM job_changes AS first WHERE text NOT LIKE '{%' AND NOT EXISTS"
     " (SELECT 1 FROM job_changes WHERE job = first.job AND position < first.position)"},
};

template <typename Read>
Result<void> read_lists(Reading& reading, std::string_view question, Read read) {
  Statement row = TRY(reading.connection.statement(question));
  while (TRY(row.step())) {
    const auto list = read(row.bytes(1));
    if (!list.has_value()) reading.find(row.text(0), list.error().message());
  }
  return {};
}

}  // namespace

Result<void> read_rows(Reading& reading) {
  uint64_t done = 0;
  for (const Question& question : questions) {
    TRY(reading.tell({.what = "looking for what rows name in others",
                      .done = done++,
                      .total = std::size(questions),
                      .unit = "questions"}));
    Statement place = TRY(reading.connection.statement(question.places));
    while (TRY(place.step())) reading.find(place.text(0), question.what);
  }
  TRY(read_lists(reading, "SELECT 'alias ' || arn, routes FROM aliases", read_routes));
  return read_lists(reading, "SELECT 'the tags of ' || arn, tags FROM tags", read_tags);
}

}  // namespace pawl::store
