#include "trials/report.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"

namespace pawl::trials {
namespace {

using json::Value;
using Kind = Coverage::Kind;

template <typename Texts>
Value texts(const Texts& all) {
  return Value(Value::Array(all.begin(), all.end()));
}

Value to_json(const Coverage& coverage) {
  const auto counted = [&](Kind kind) {
    const auto count = coverage.count(kind);
    return Value::object({{"covered", count.covered}, {"all", count.all}});
  };
  return Value::object({{"states", counted(Kind::entered)},
                        {"choiceRules", counted(Kind::rule)},
                        {"retriers", counted(Kind::retrier)},
                        {"catchers", counted(Kind::catcher)},
                        {"notCovered", texts(coverage.not_covered())}});
}

double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }

// XML 1.0 has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&') {
      out += "&amp;";
    } else if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '"') {
      out += "&quot;";
    } else if (c == '\n' || c == '\t') {
      out += concat("&#", static_cast<int>(c), ";");
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += "?";
    } else {
      out += c;
    }
  }
  return out;
}

std::string ending(const Trial& trial) {
  std::string text = concat("status: ", execution::name(trial.status), "\n");
  if (trial.status == execution::Status::succeeded)
    text += concat("output: ", json::write(trial.output), "\n");
  if (!trial.error.empty()) text += concat("error: ", trial.error, "\n");
  if (!trial.cause.empty()) text += concat("cause: ", trial.cause, "\n");
  text += concat("virtual duration: ", format_duration(trial.duration), "\n");
  return text + concat("path: ", path_text(trial, trial.path.size()), "\n");
}

void append_case(std::string& xml, const Trial& trial) {
  xml += concat("    <testcase classname=\"", escaped(trial.machine), "\" name=\"",
                escaped(trial.name), "\">\n");
  if (trial.verdict != Verdict::passed) {
    const std::string_view element = trial.verdict == Verdict::failed ? "failure" : "error";
    xml += concat("      <", element, " message=\"", escaped(join(trial.reasons, "; ")), "\"/>\n");
  }
  xml += concat("      <system-out>", escaped(ending(trial)), "</system-out>\n    </testcase>\n");
}

size_t count_of(const std::vector<Trial>& trials, Verdict verdict) {
  return static_cast<size_t>(std::count_if(
      trials.begin(), trials.end(), [&](const Trial& trial) { return trial.verdict == verdict; }));
}

}  // namespace

Value to_json(const Trial& trial) {
  Value::Object members{{"machine", trial.machine},
                        {"case", trial.name},
                        {"verdict", name(trial.verdict)},
                        {"reasons", texts(trial.reasons)},
                        {"status", execution::name(trial.status)}};
  if (trial.status == execution::Status::succeeded) members.push_back({"output", trial.output});
  if (!trial.error.empty()) members.push_back({"error", trial.error});
  if (!trial.cause.empty()) members.push_back({"cause", trial.cause});
  members.push_back({"durationSeconds", seconds_of(trial.duration)});
  members.push_back({"path", texts(trial.path)});
  return members;
}

Value to_json(const std::vector<MachineReport>& reports) {
  Value::Array cases, machines;
  size_t passed = 0;
  for (const auto& report : reports) {
    for (const auto& trial : report.trials) cases.push_back(to_json(trial));
    passed += count_of(report.trials, Verdict::passed);
    machines.push_back(Value::object({{"machine", report.name},
                                      {"definition", report.definition_file},
                                      {"coverage", to_json(report.coverage)}}));
  }
  const size_t all = cases.size();
  return Value::object({{"cases", std::move(cases)},
                        {"machines", std::move(machines)},
                        {"passed", passed},
                        {"notPassed", all - passed}});
}

std::string junit(const std::vector<MachineReport>& reports) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"pawl test\">\n";
  for (const auto& report : reports) {
    xml += concat("  <testsuite name=\"", escaped(report.name), "\" tests=\"", report.trials.size(),
                  "\" failures=\"", count_of(report.trials, Verdict::failed), "\" errors=\"",
                  count_of(report.trials, Verdict::broken), "\">\n");
    for (const auto& trial : report.trials) append_case(xml, trial);
    xml += "  </testsuite>\n";
  }
  return xml + "</testsuites>\n";
}

std::string path_text(const Trial& trial, size_t most) {
  const size_t shown = std::min(most, trial.path.size());
  std::string text =
      join({trial.path.begin(), trial.path.begin() + static_cast<ptrdiff_t>(shown)}, " → ");
  if (shown < trial.path.size()) text += concat(" → … ", trial.path.size() - shown, " more");
  return text;
}

}  // namespace pawl::trials
