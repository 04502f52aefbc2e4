#pragma once

#include <string>

#include "cli/verb.h"

namespace pawl::cli {

// The report of an operation, or of the batch of that id: the answer of pawl-restore-report.
Result<json::Value> restore_report_of(const Client& client, const std::string& id);

// Prints it: a table with a line per database, the steps of each in the wide form.
Result<void> show_report(const Session& session, const json::Value& report);

// 0 where all of a batch are restored, 8 where some are, 1 where none is.
int batch_exit_code(const json::Value& batch_report);

}  // namespace pawl::cli
