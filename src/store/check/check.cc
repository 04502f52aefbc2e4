#include "store/check/check.h"

#include <fcntl.h>

#include "base/text.h"
#include "store/backup/seal.h"
#include "store/check/reading.h"
#include "store/schema.h"
#include "world/files.h"

namespace pawl::store {
namespace {

Result<int64_t> number(Connection& connection, std::string_view question) {
  Statement row = TRY(connection.statement(question));
  TRY(row.step());
  return row.integer(0);
}

// What each format is the first to have, of what is read here.
constexpr int64_t format_of_texts = 3, format_of_rows = 4, format_of_sums = 5;

Result<void> count_rows(Reading& reading) {
  const auto count = [&](std::string_view question, int64_t& into) -> Result<void> {
    into = TRY(number(reading.connection, question));
    return {};
  };
  TRY(count("SELECT count(*) FROM machines", reading.report.machines));
  TRY(count("SELECT count(*) FROM executions", reading.report.executions));
  return count("SELECT count(*) FROM executions WHERE status = 'RUNNING'", reading.report.running);
}

Result<void> read_all(Reading& reading) {
  // Reading begins the snapshot that all parts then see.
  TRY(reading.connection.execute("PRAGMA cell_size_check=ON; PRAGMA trusted_schema=OFF; BEGIN"));
  reading.report.format = TRY(known_format(reading.connection));
  TRY(read_part(reading, "the write-ahead log", reading.connection.check_log()));
  reading.report.bytes = static_cast<uint64_t>(
      TRY(number(reading.connection,
                 "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size")));
  if (reading.report.format == 0) {
    reading.find("the file", "is empty");
    return {};
  }
  const int64_t format = reading.report.format;
  TRY(read_part(reading, "the file", read_structure(reading)));
  TRY(read_part(reading, "machines and executions", count_rows(reading)));
  if (format >= format_of_texts) TRY(read_part(reading, "the texts", read_texts(reading)));
  TRY(read_part(reading, "the journal", read_journal(reading, format >= format_of_rows)));
  if (format >= format_of_sums) TRY(read_row_sums(reading));
  TRY(read_part(reading, "rows without checksums", count_unchecked(reading)));
  if (format >= format_of_rows) TRY(read_part(reading, "the rows", read_rows(reading)));
  return {};
}

Result<CheckReport> check(const std::string& path, Connection::Mode mode,
                          const Progress& progress) {
  CheckReport report;
  TRY(world::open_file(path, O_RDONLY, "cannot read"));
  const auto connection = TRY(Connection::open(path, mode));
  Reading reading(*connection, progress, report);
  TRY(read_part(reading, "the file", read_all(reading)));
  return report;
}

}  // namespace

Result<void> read_part(Reading& reading, std::string_view place, Result<void> read) {
  if (read.has_value()) return read;
  const Error& error = read.error();
  if (error.code() != ErrorCode::corrupt && error.code() != ErrorCode::failed) return read;
  const std::string what = concat("cannot be read: ", error.message());
  // What the disk refuses has advice of its own (sqlite_errors.h).
  if (error.code() == ErrorCode::failed && !error.hint().empty()) {
    reading.miss(std::string(place), what, error.hint());
  } else {
    reading.find(std::string(place), what);
  }
  return {};
}

Result<CheckReport> check_data_file(const std::string& path, const Progress& progress) {
  return check(path, Connection::Mode::read_only, progress);
}

Result<CheckReport> check_quiet_file(const std::string& path, const Progress& progress) {
  return check(path, Connection::Mode::unchanging, progress);
}

Result<CheckReport> check_backup(const std::string& path, const Progress& progress) {
  const Result<void> sealed = verify_seal(path, progress);
  if (!sealed.has_value() && sealed.error().code() != ErrorCode::corrupt) return sealed.error();
  CheckReport report = TRY(check_quiet_file(path, progress));
  // What mends a store does not mend a backup.
  for (Finding& finding : report.findings)
    if (!finding.is_unread) finding.hint = "Take another backup.";
  if (!sealed.has_value()) {
    report.findings.insert(report.findings.begin(),
                           {"the file", sealed.error().message(), sealed.error().hint()});
  }
  return report;
}

}  // namespace pawl::store
