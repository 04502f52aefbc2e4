#pragma once

#include <string>
#include <utility>

#include "store/check/check.h"
#include "store/sqlite.h"

namespace pawl::store {

// One check of one store, in one transaction, part after part.
class Reading {
 public:
  Reading(Connection& connection, const Progress& progress, CheckReport& report)
      : connection(connection), report(report), progress_(progress) {}

  void find(std::string place, std::string what,
            std::string hint = "Put a backup back: `pawl store restore FILE --replace`.") {
    add({std::move(place), std::move(what), std::move(hint)});
  }
  void miss(std::string place, std::string what, std::string hint) {
    add({std::move(place), std::move(what), std::move(hint), true});
  }
  Result<void> tell(const Step& step) const { return store::tell(progress_, step); }
  // Of a table that may be large: not at every row.
  Result<void> tell_now_and_then(const Step& step) const {
    return step.done % 1024 == 0 ? tell(step) : Result<void>();
  }

  Connection& connection;
  CheckReport& report;

 private:
  void add(Finding finding) {
    constexpr size_t findings_max = 100;
    if (report.findings.size() == findings_max) {
      ++report.findings_left_off;
    } else {
      report.findings.push_back(std::move(finding));
    }
  }

  const Progress& progress_;
};

// The parts. Errors: cancelled, and what SQLite says.
Result<void> read_structure(Reading& reading);
Result<void> read_texts(Reading& reading);
// Every row and every history; `has_heads`: whether the executions' own ends of their histories are
// compared, as only the newest format is known to have them.
Result<void> read_journal(Reading& reading, bool has_heads);
// Every row against its checksum.
Result<void> read_row_sums(Reading& reading);
// Rows that have none; of any format.
Result<void> count_unchecked(Reading& reading);
// What rows name in others, and what cannot be in one.
Result<void> read_rows(Reading& reading);

// What cannot be read, by SQLite or because the disk does not give it, is a finding, and the other
// parts are read all the same.
Result<void> read_part(Reading& reading, std::string_view place, Result<void> read);

}  // namespace pawl::store
