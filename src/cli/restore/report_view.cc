#include "cli/restore/report_view.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"
#include "base/time.h"

namespace pawl::cli {
namespace {

using json::Value;

std::string listed(const Value& row, const char* member) {
  const Value list = row[member];
  std::vector<std::string> names;
  if (!list.is_array()) return {};
  for (const Value& name : list.elements()) names.push_back(plain(name));
  return join(names, ", ");
}

// A word as the shell takes it.
std::string shell_word(const std::string& text) {
  constexpr std::string_view plain_marks = "-_./:@%+=,";
  const bool is_plain = !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || plain_marks.find(c) != plain_marks.npos;
  });
  return is_plain ? text : concat("'", replace_all(text, "'", "'\\''"), "'");
}

std::string first_of(const Value& row, const char* member, std::string otherwise) {
  const Value list = row[member];
  return list.is_array() && list.size() > 0 ? plain(list.elements()[0]) : std::move(otherwise);
}

// A line that can be pasted into a shell.
std::string psql_line(const Value& row) {
  const Value endpoint = row["endpoint"];
  return concat("psql -h ", shell_word(plain(endpoint["address"])), " -p ", plain(endpoint["port"]),
                " -U ", shell_word(first_of(row, "users", "postgres")), " -d ",
                shell_word(first_of(row, "databases", "postgres")));
}

std::string where_to_connect(const Value& row) {
  const Value endpoint = row["endpoint"];
  if (!endpoint.is_object()) return "-";
  const std::string address =
      endpoint.string_at("address").value_or(endpoint.string_at("host").value_or(""));
  return concat(address, ":", plain(endpoint["port"]));
}

// "check 0.1 s, copy 2.3 s, …"
std::string steps_of(const Value& row) {
  const Value steps = row["steps"];
  std::vector<std::string> pieces;
  if (!steps.is_array()) return {};
  for (const Value& step : steps.elements()) {
    std::string name = plain(step["step"]);
    constexpr std::string_view prefix = "aurora-restore-";
    if (name.starts_with(prefix)) name.erase(0, prefix.size());
    pieces.push_back(concat(name, " ", seconds_of("seconds")(step),
                            step["status"] == "FAILED" ? " (failed)" : ""));
  }
  return join(pieces, ", ");
}

// Why steps have failed, those included that were tried again or did not matter: a line each.
std::string failures_of(const Value& row) {
  const Value steps = row["steps"];
  std::set<std::string> lines;
  for (size_t at = 0; steps.is_array() && at < steps.size(); ++at) {
    const Value& step = steps.elements()[at];
    // That of the whole restore is told by itself.
    if (step["status"] != "FAILED" || step["cause"] == row["cause"]) continue;
    lines.insert(concat("  failed   ", plain(step["step"]), ": ", plain(step["error"]), ": ",
                        plain(step["cause"]), "\n"));
  }
  return join({lines.begin(), lines.end()}, "");
}

// Its data would be the target's, but somebody has stopped that.
bool is_stopped(const Value& row) {
  return row["is_shut_down"] == true && row["serving"] == row["operation_id"];
}

// What the target's endpoint leads to where that is not this operation's data, and how it comes
// back where it is stopped.
std::string who_serves(const Value& row) {
  const auto serving = row.string_at("serving");
  if (row["endpoint"].is_object() || !serving) return {};
  const std::string target = plain(row["target_cluster"]);
  std::string out;
  if (!is_stopped(row)) out = concat("  serving  operation ", *serving, " serves ", target, "\n");
  if (row["is_shut_down"] == true) {
    out += concat("  stopped  `pawl restore start ", target, " --region ",
                  plain(row["target_region"]), "` starts it again\n");
  }
  return out;
}

// Of a failed one the error, of another where it can be reached.
std::string outcome_of(const Value& row) {
  const std::string error = row.string_at("error").value_or("");
  if (!error.empty()) return error;
  return is_stopped(row) ? "stopped" : where_to_connect(row);
}

std::string details_of(const Value& row) {
  std::string out;
  const auto line = [&out](std::string_view title, const std::string& text) {
    if (!text.empty()) out += concat("  ", title, std::string(9 - title.size(), ' '), text, "\n");
  };
  line("steps", steps_of(row));
  line("users", listed(row, "users"));
  const Value warnings = row["warnings"];
  for (size_t at = 0; warnings.is_array() && at < warnings.size(); ++at) {
    line("warning", plain(warnings.elements()[at]));
  }
  line("cause", row.string_at("cause").value_or(""));
  out += failures_of(row) + who_serves(row);
  if (row["endpoint"].is_object()) line("connect", psql_line(row));
  if (out.empty()) return out;
  return concat("\n", plain(row["target_cluster"]), " (", plain(row["operation_id"]), ")\n", out);
}

}  // namespace

Result<Value> restore_report_of(const Client& client, const std::string& id) {
  auto report = client.invoke("pawl-restore-report", Value::object({{"operation_id", id}}));
  if (report || report.error().code() == ErrorCode::unavailable) return report;
  auto batch = client.invoke("pawl-restore-report", Value::object({{"batch_id", id}}));
  if (batch) return batch;
  return Error(report.error().code(), report.error().message(),
               "`pawl restore list` shows the operations there are.");
}

Result<void> show_report(const Session& session, const Value& report) {
  const Value operations = report["operations"];
  if (!operations.is_array()) {
    return Error(ErrorCode::failed, "the server's report has no operations");
  }
  if (session.style.format == Format::json) {
    session.show(report);
    return {};
  }
  Listing listing;
  listing.rows.assign(operations.elements().begin(), operations.elements().end());
  listing.columns = {{"DATABASE", text_of("target_cluster")},
                     {"STATUS", text_of("status")},
                     {"SNAPSHOT", text_of("snapshot_date")},
                     Listing::bytes("SIZE", "bytes"),
                     Listing::seconds("TIME", "seconds"),
                     {"SCHEMAS", text_of("schemas"), Table::Align::right},
                     {"TABLES", text_of("tables"), Table::Align::right},
                     {"ROWS", text_of("rows"), Table::Align::right},
                     {"CONNECT", outcome_of},
                     {"OPERATION", text_of("operation_id"), Table::Align::left, true},
                     {"REGION", text_of("target_region"), Table::Align::left, true}};
  listing.name_member = "operation_id";
  listing.when_empty = "nothing was restored";
  session.show(listing);
  if (session.style.format > Format::wide || session.style.is_quiet) return {};
  for (const Value& row : listing.rows) session.terminal.print(details_of(row));
  return {};
}

int batch_exit_code(const Value& batch_report) {
  const int64_t total = batch_report.integer_at("total").value_or(0);
  const int64_t succeeded = batch_report.integer_at("succeeded").value_or(0);
  if (succeeded == total) return exit_done;
  return succeeded == 0 ? exit_failed : exit_partly;
}

}  // namespace pawl::cli
