#include "base/hash.h"
#include "base/text.h"
#include "store/check/reading.h"
#include "store/sqlite_errors.h"

namespace pawl::store {

namespace {

// "row 7 missing from index …", "wrong # of entries in index …".
bool is_about_index(std::string_view line) {
  return line.find(" from index ") != line.npos || line.find(" in index ") != line.npos;
}

}  // namespace

Result<void> read_structure(Reading& reading) {
  TRY(reading.tell({.what = "reading the structure of the file"}));
  Statement row = TRY(reading.connection.statement("PRAGMA integrity_check"));
  std::vector<std::string> lines;
  while (TRY(row.step())) lines.push_back(row.text(0));
  // It goes on where a page cannot be read, and takes what hangs on that for damaged.
  TRY(reading.connection.check_disk());
  for (const std::string& line : lines) {
    if (line == "ok") continue;
    const std::string what = replace_all(line, "\n", " ");
    if (is_about_index(line)) {
      reading.find("the file", what, advice_for_index);
    } else {
      reading.find("the file", what);
    }
  }
  return {};
}

namespace {

// Whose text it is; of many the first.
Result<std::string> users_of_text(Reading& reading, int64_t id) {
  Statement row = TRY(reading.connection.statement(
      "SELECT 'the definition of machine ' || arn FROM machines WHERE definition = ?1"
      " UNION ALL SELECT 'the definition of version ' || machine_arn || ':' || number FROM versions"
      " WHERE definition = ?1"
      " UNION ALL SELECT 'the definition of execution ' || arn FROM executions"
      " WHERE definition = ?1"
      " UNION ALL SELECT 'the input of execution ' || coalesce(arn, execution) FROM inputs"
      " LEFT JOIN executions ON id = execution WHERE large = ?1"
      " UNION ALL SELECT 'the result of execution ' || coalesce(arn, execution) FROM results"
      " LEFT JOIN executions ON id = execution WHERE large = ?1 LIMIT 4"));
  row.bind(id);
  std::vector<std::string> users;
  while (TRY(row.step())) users.push_back(row.text(0));
  if (users.empty()) return std::string();
  const bool are_all = users.size() < 4;
  if (!are_all) users.pop_back();
  return concat(" (", join(users, ", "), are_all ? ")" : ", and others)");
}

}  // namespace

Result<void> read_texts(Reading& reading) {
  Statement last = TRY(reading.connection.statement("SELECT max(id) FROM texts"));
  TRY(last.step());
  const auto total = static_cast<uint64_t>(last.integer(0));
  Statement row = TRY(reading.connection.statement("SELECT id, hash, text FROM texts ORDER BY id"));
  while (TRY(row.step())) {
    ++reading.report.texts;
    const auto id = static_cast<uint64_t>(row.integer(0));
    TRY(reading.tell_now_and_then(
        {.what = "reading the texts", .done = id, .total = total, .unit = "texts"}));
    if (sha256(row.bytes(2)) == row.bytes(1)) continue;
    const std::string users = TRY(users_of_text(reading, row.integer(0)));
    reading.find(concat("text ", id, users), "is damaged: it is not what its hash is of",
                 "It is put right when the same text is stored again, as by a new machine of the "
                 "same definition; otherwise put a backup back: "
                 "`pawl store restore FILE --replace`.");
  }
  return {};
}

}  // namespace pawl::store
