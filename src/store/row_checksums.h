#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

struct sqlite3;

namespace pawl::store {

// What the disk makes of a byte SQLite does not notice. So every row has the CRC-32C of its values
// beside them, and whoever reads it compares; texts and the journal's rows have sums of their own
// (texts.h, journal.h). SQL makes and compares them, by functions that each connection has:
//
//   crc32c(value, …)   of values with their types and lengths
//   xor(number, …)     null where one of them is null
//
// The schema itself uses neither, so any tool of SQLite opens the file. A row of a file that was
// made before format 5 may have none; how far such rows go is among the facts.

// SQLite's status.
int add_checksum_functions(sqlite3* database);

// The columns that a sum is of, in the order in which a row is written.
namespace columns {
inline constexpr std::string_view facts = "name, value";
inline constexpr std::string_view machines =
    "arn, name, definition, role_arn, type, status, revision_id, created, updated, settings,"
    " last_version";
inline constexpr std::string_view versions =
    "machine_arn, number, definition, role_arn, revision_id, settings, description, created";
inline constexpr std::string_view aliases =
    "arn, machine_arn, name, description, routes, created, updated";
inline constexpr std::string_view activities = "arn, name, settings, created";
inline constexpr std::string_view tags = "arn, tags";
inline constexpr std::string_view documents = "kind, key, text";
inline constexpr std::string_view job_changes = "job, text";
inline constexpr std::string_view inputs = "execution, input, large";
inline constexpr std::string_view results = "execution, error, cause, output, large";
}  // namespace columns

// The tables whose rows all have a sum, and what SQL calls a row of each by.
struct SummedTable {
  std::string_view name, columns, place;
};
inline constexpr SummedTable summed_tables[] = {
    {"facts", columns::facts, "'fact ' || name"},
    {"machines", columns::machines, "'machine ' || arn"},
    {"versions", columns::versions, "'version ' || machine_arn || ':' || number"},
    {"aliases", columns::aliases, "'alias ' || arn"},
    {"activities", columns::activities, "'activity ' || arn"},
    {"tags", columns::tags, "'the tags of ' || arn"},
    {"documents", columns::documents, "'document ' || kind || ' ' || key"},
};

// INSERT INTO a table, or whatever the verb is, of a row's values in that order, and of their sum.
std::string insertion(std::string_view verb, std::string_view columns);

// Whether a row is as it was written: 1, or 0 or null. Of the tables whose rows all have a sum.
std::string is_whole(std::string_view columns);

// Of an execution two sums are kept, as its head is written by itself: one of the head, and one of
// the rest. Of that, what changes is summed apart from what does not, so that a change needs no
// more than what it changes, and keeps a damage that was there before.
inline constexpr std::string_view execution_is_whole =
    "coalesce(executions.checksum = xor("
    "crc32c(executions.id, arn, name, machine_arn, definition, role_arn, started_by, started, type,"
    " version, alias, revision_id, settings, machine_updated),"
    " crc32c(status, stopped, redrives, redriven)),"
    " executions.id <= (SELECT value FROM facts WHERE name = 'unchecked executions'))";
inline constexpr std::string_view head_is_whole =
    "coalesce(head_checksum = crc32c(id, head),"
    " id <= (SELECT value FROM facts WHERE name = 'unchecked executions'))";
inline constexpr std::string_view input_is_whole =
    "coalesce(inputs.checksum = crc32c(inputs.execution, input, inputs.large),"
    " inputs.execution <= (SELECT value FROM facts WHERE name = 'unchecked executions'))";
inline constexpr std::string_view result_is_whole =
    "coalesce(results.checksum = crc32c(results.execution, error, cause, output, results.large),"
    " results.execution <= (SELECT value FROM facts WHERE name = 'unchecked executions'))";
inline constexpr std::string_view job_change_is_whole =
    "coalesce(checksum = crc32c(job, text),"
    " position <= (SELECT value FROM facts WHERE name = 'unchecked job changes'))";

// Error: corrupt.
Error damaged_row(std::string_view whose);

}  // namespace pawl::store
