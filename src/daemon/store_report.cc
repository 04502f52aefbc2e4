#include "daemon/store_report.h"

#include "base/text.h"
#include "cli/units.h"
#include "world/os_clock.h"

namespace pawl::daemon {
namespace {

std::string count_of(int64_t count, std::string_view noun) {
  return cli::count_of(static_cast<size_t>(count), noun);
}

}  // namespace

store::Progress StoreProgress::progress() {
  return [this](const store::Step& step) {
    show(step);
    return !interrupt_.has_come();
  };
}

void StoreProgress::show(const store::Step& step) {
  if (!session_.terminal.is_interactive() || session_.wants_json()) return;
  const Instant now = world::OsClock().now();
  const bool is_other_work = what_ != step.what;
  if (!is_other_work && now - shown_ < milliseconds(100)) return;
  if (is_other_work) meter_ = {};
  what_ = step.what;
  shown_ = now;
  meter_.observe(now, step.done);
  const cli::Amount amount{step.done, step.total, std::string(step.unit)};
  const bool has_amount = step.total > 0;
  line_.show({concat(
      what_, has_amount ? "  " : " …",
      has_amount ? cli::progress_text(amount, meter_, session_.terminal.has_unicode()) : "")});
}

std::string summary(const store::CheckReport& report) {
  return concat("format ", report.format, ", ", format_bytes(report.bytes), ", ",
                count_of(report.machines, "machine"), ", ",
                count_of(report.executions, "execution"), " (", report.running, " running), ",
                count_of(report.records, "record"), " in ", count_of(report.journal_rows, "row"),
                " of the journal, ", count_of(report.texts, "text"),
                report.unchecked_rows == 0 ? ""
                                           : concat(", ", count_of(report.unchecked_rows, "row"),
                                                    " of an older format without a checksum"));
}

json::Value json_of(const store::CheckReport& report) {
  json::Value::Array findings;
  for (const store::Finding& finding : report.findings) {
    findings.push_back(json::Value::object(
        {{"place", finding.place}, {"what", finding.what}, {"hint", finding.hint}}));
  }
  return json::Value::object(
      {{"sound", report.is_sound()},
       {"format", report.format},
       {"bytes", static_cast<int64_t>(report.bytes)},
       {"machines", report.machines},
       {"executions", report.executions},
       {"running", report.running},
       {"journal_rows", report.journal_rows},
       {"records", report.records},
       {"texts", report.texts},
       {"unchecked_rows", report.unchecked_rows},
       {"findings", std::move(findings)},
       {"findings_left_off", static_cast<int64_t>(report.findings_left_off)}});
}

int show_report(const cli::Session& session, const store::CheckReport& report,
                const std::string& path, std::string_view kind) {
  const int code = report.is_sound() ? cli::exit_done : cli::exit_failed;
  if (session.wants_json()) {
    session.show(json_of(report).with("file", path).with("kind", kind));
    return code;
  }
  for (const store::Finding& finding : report.findings) {
    session.terminal.print(
        concat(path, ": ", finding.place, " ", finding.what, "\n  ", finding.hint, "\n"));
  }
  if (report.findings_left_off > 0)
    session.terminal.print(concat("and ", report.findings_left_off, " more\n"));
  const std::string_view verdict = report.is_sound()     ? "sound"
                                   : report.is_damaged() ? "damaged"
                                                         : "not all of it can be read";
  session.terminal.print(concat(path, ": ", verdict, ": ", summary(report), "\n"));
  return code;
}

}  // namespace pawl::daemon
