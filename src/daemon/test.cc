#include <algorithm>
#include <filesystem>
#include <fstream>

#include "asl/parse.h"
#include "base/text.h"
#include "cli/names.h"
#include "cli/units.h"
#include "daemon/verbs.h"
#include "json/parse.h"
#include "json/write.h"
#include "trials/report.h"

namespace pawl::daemon {
namespace {

using json::Value;
using trials::Finding;
using trials::MachineReport;
using trials::Trial;

constexpr size_t path_states_shown = 12;

Error refused(std::string message) {
  return Error(ErrorCode::invalid_argument, std::move(message));
}

std::string line_of(const std::string& file, const Finding& finding, std::string_view severity) {
  return concat(file, ":", finding.line, ":", finding.column, ": ", severity, ": ", finding.message,
                " at ", finding.location, "\n");
}

// A mock configuration that has been read, and where it is.
struct MockFile {
  std::string path, text;
  trials::Mocks mocks;
};

bool is_definition(const std::string& text) {
  const auto value = json::parse(text);
  return value && value->find("StartAt") != nullptr && value->find("StateMachines") == nullptr;
}

std::string beside(const std::string& path, const std::string& name) {
  return (std::filesystem::path(path).parent_path() / name).string();
}

// "orders" of "pipelines/orders.asl.json".
std::string machine_name_of(const std::string& path) {
  std::string name = std::filesystem::path(path).filename().string();
  for (const std::string_view ending : {".json", ".asl"})
    if (name.ends_with(ending)) name.resize(name.size() - ending.size());
  return name;
}

class Test : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.positionals("FILE", files_,
                          "mock configurations (MockConfigFile.json), or definitions with "
                          "NAME.mocks.json beside them",
                          1);
    arguments.option("--case", case_names_, "only this case: CASE or MACHINE#CASE");
    arguments.option("--definition", definitions_, "NAME=FILE: the definition of a machine");
    arguments.option("--mocks", mocks_, "the mock configuration, where FILE is a definition");
    arguments.option("-i,--input", input_, "input of cases without one: JSON, @FILE or -");
    arguments.option("--junit", junit_, "write the results there, as JUnit XML");
  }

  Result<int> run(const cli::Session& session) override {
    const auto input = json::parse(TRY(cli::text_argument(input_)));
    if (!input) return refused(concat("--input: ", input.error().message()));
    input_value_ = *input;
    for (const auto& file : files_) TRY(run_file(session, file));
    TRY(check_case_names());
    if (!junit_.empty()) TRY(write_junit());
    show(session);
    const bool has_passed = std::all_of(reports_.begin(), reports_.end(), [](const auto& report) {
      return std::all_of(report.trials.begin(), report.trials.end(), [](const Trial& trial) {
        return trial.verdict == trials::Verdict::passed;
      });
    });
    return has_passed ? cli::exit_done : cli::exit_failed;
  }

 private:
  Result<void> run_file(const cli::Session& session, const std::string& path) {
    const std::string text = TRY(cli::read_text_file(path));
    if (!is_definition(text)) {
      if (!mocks_.empty())
        return refused(concat("--mocks is for a definition, and ", path, " is none"));
      return run_mocks(session, TRY(read_mocks(session, path)), "");
    }
    const std::string mocks =
        mocks_.empty() ? beside(path, machine_name_of(path) + ".mocks.json") : mocks_;
    if (mocks_.empty() && !std::filesystem::exists(mocks))
      return refused(concat("there is no ", mocks, " with the mocks of ", path))
          .with_hint("Name the mock configuration with --mocks FILE.");
    return run_mocks(session, TRY(read_mocks(session, mocks)), path);
  }

  static Result<MockFile> read_mocks(const cli::Session& session, const std::string& path) {
    MockFile file{.path = path, .text = TRY(cli::read_text_file(path)), .mocks = {}};
    auto reading = trials::read_mocks(file.text);
    TRY(refuse(session, path, reading.findings));
    file.mocks = std::move(reading.mocks);
    return file;
  }

  static Result<void> refuse(const cli::Session& session, const std::string& path,
                             const std::vector<Finding>& findings) {
    if (findings.empty()) return {};
    for (const auto& finding : findings) session.terminal.say(line_of(path, finding, "error"));
    return refused(concat(path, " is no sound mock configuration"));
  }

  // `definition` is the file of the only machine that is meant, or empty.
  Result<void> run_mocks(const cli::Session& session, const MockFile& file,
                         const std::string& definition) {
    std::vector<Trial> all;
    for (const auto& mocked : TRY(machines_meant(file, definition))) {
      std::vector<trials::Case> cases;
      for (const auto& test : mocked.cases) {
        known_cases_.push_back(test.name);
        full_names_.push_back(concat(mocked.name, "#", test.name));
        known_cases_.push_back(full_names_.back());
        if (is_chosen(mocked.name, test.name)) cases.push_back(test);
      }
      if (cases.empty()) continue;
      const std::string path =
          definition.empty() ? TRY(definition_of(mocked.name, file.path)) : definition;
      TRY(run_machine(session, file, mocked, {path, cases}));
      const auto& trials = reports_.back().trials;
      all.insert(all.end(), trials.begin(), trials.end());
    }
    // Of a part of the cases nobody expects that they use everything.
    if (!case_names_.empty() || !definition.empty()) return {};
    for (const auto& finding : trials::located(trials::unused(file.mocks, all), file.text))
      session.terminal.say(line_of(file.path, finding, "warning"));
    return {};
  }

  Result<std::vector<trials::MockedMachine>> machines_meant(const MockFile& file,
                                                            const std::string& definition) {
    const auto& machines = file.mocks.machines;
    if (machines.empty()) return refused(concat(file.path, " has no machine"));
    if (definition.empty() || machines.size() == 1) return machines;
    const std::string name = machine_name_of(definition);
    for (const auto& machine : machines)
      if (machine.name == name) return std::vector{machine};
    return refused(concat(file.path, " has several machines and none is called \"", name, "\""));
  }

  Result<std::string> definition_of(const std::string& name, const std::string& mocks) {
    for (const auto& given : definitions_)
      if (given.starts_with(name + "=")) return given.substr(name.size() + 1);
    std::string path = beside(mocks, name + ".asl.json");
    if (std::filesystem::exists(path)) return path;
    return refused(
               concat("the definition of machine \"", name, "\" is not known: there is no ", path))
        .with_hint(concat("Name it with --definition ", name, "=FILE."));
  }

  struct Chosen {
    std::string definition_file;
    const std::vector<trials::Case>& cases;
  };

  Result<void> run_machine(const cli::Session& session, const MockFile& file,
                           const trials::MockedMachine& mocked, const Chosen& chosen) {
    const std::string& path = chosen.definition_file;
    const auto parsed = asl::parse_definition(TRY(cli::read_text_file(path)));
    for (const auto& found : parsed.diagnostics) {
      const bool is_error = found.severity == asl::Severity::error;
      const Finding finding{found.location, found.message, found.line, found.column};
      session.terminal.say(line_of(path, finding, is_error ? "error" : "warning"));
    }
    if (parsed.machine == nullptr) return refused(concat(path, " is no valid definition"));
    TRY(refuse(session, file.path,
               trials::located(trials::check_cases(mocked, *parsed.machine), file.text)));
    MachineReport report{mocked.name, path, {}, trials::Coverage(*parsed.machine)};
    for (const auto& test : chosen.cases) {
      report.trials.push_back(trials::run_case(
          {mocked.name, *parsed.machine, file.mocks, input_value_}, test, report.coverage));
      warn_of_unasked(session, file, test, report.trials.back());
    }
    reports_.push_back(std::move(report));
    return {};
  }

  static void warn_of_unasked(const cli::Session& session, const MockFile& file,
                              const trials::Case& test, const Trial& trial) {
    std::vector<Finding> findings;
    for (const auto& state : trial.unasked)
      findings.push_back(
          {concat(test.location, "/", state),
           concat("case \"", test.name, "\" does not come to state \"", state, "\"")});
    for (const auto& finding : trials::located(std::move(findings), file.text))
      session.terminal.say(line_of(file.path, finding, "warning"));
  }

  bool is_chosen(const std::string& machine, const std::string& name) const {
    if (case_names_.empty()) return true;
    return std::any_of(case_names_.begin(), case_names_.end(), [&](const std::string& wanted) {
      return wanted == name || wanted == concat(machine, "#", name);
    });
  }

  Result<void> check_case_names() const {
    for (const auto& wanted : case_names_) {
      if (std::find(known_cases_.begin(), known_cases_.end(), wanted) != known_cases_.end())
        continue;
      const auto meant = nearest(wanted, known_cases_);
      return refused(concat("there is no case \"", wanted, "\""))
          .with_hint(meant ? concat("Did you mean \"", *meant, "\"?") : cases_there_are());
    }
    return {};
  }

  std::string cases_there_are() const {
    constexpr size_t shown_max = 20;
    std::vector<std::string> shown = full_names_;
    if (shown.size() > shown_max) {
      shown.resize(shown_max);
      shown.push_back(concat(full_names_.size() - shown_max, " more"));
    }
    return concat("There are ", join(shown, ", "), ".");
  }

  Result<void> write_junit() const {
    std::ofstream file(junit_);
    file << trials::junit(reports_);
    file.close();
    if (!file) return errno_error("cannot write " + junit_, errno);
    return {};
  }

  void show(const cli::Session& session) const {
    if (session.style.format == cli::Format::json) return session.show(trials::to_json(reports_));
    session.show(listing());
    if (session.style.format > cli::Format::wide) return;
    std::string reasons;
    for (const auto& report : reports_)
      for (const auto& trial : report.trials)
        for (const auto& reason : trial.reasons)
          reasons += concat("\n", trial.machine, "#", trial.name, ": ", trials::name(trial.verdict),
                            ": ", reason);
    if (!reasons.empty()) session.terminal.print(reasons + "\n");
    show_coverage(session);
  }

  cli::Listing listing() const {
    cli::Listing listing;
    listing.name_member = "case";
    const auto path = [](const Value& row) {
      Trial trial;
      const Value path = row["path"];
      for (const auto& state : path.elements()) trial.path.emplace_back(state.string());
      return trials::path_text(trial, path_states_shown);
    };
    listing.columns = {{"MACHINE", cli::text_of("machine")},
                       {"CASE", cli::text_of("case")},
                       {"VERDICT", cli::text_of("verdict")},
                       {"STATUS", cli::text_of("status")},
                       cli::Listing::seconds("DURATION", "durationSeconds"),
                       {"ERROR", cli::text_of("error")},
                       {"OUTPUT", cli::text_of("output"), cli::Table::Align::left, true},
                       {"CAUSE", cli::text_of("cause"), cli::Table::Align::left, true},
                       {"PATH", path}};
    for (const auto& report : reports_)
      for (const auto& trial : report.trials) listing.rows.push_back(trials::to_json(trial));
    return listing;
  }

  void show_coverage(const cli::Session& session) const {
    using Kind = trials::Coverage::Kind;
    const auto cell = [](const trials::Coverage& coverage, Kind kind) {
      const auto count = coverage.count(kind);
      return count.all == 0 ? std::string("-") : concat(count.covered, "/", count.all);
    };
    const auto right = cli::Table::Align::right;
    cli::Table table({{"MACHINE"},
                      {"STATES", right},
                      {"CHOICE RULES", right},
                      {"RETRIERS", right},
                      {"CATCHERS", right}});
    std::string rest;
    for (const auto& report : reports_) {
      const auto& coverage = report.coverage;
      table.add({report.name, cell(coverage, Kind::entered), cell(coverage, Kind::rule),
                 cell(coverage, Kind::retrier), cell(coverage, Kind::catcher)});
      for (const auto& part : coverage.not_covered())
        rest += concat("not covered: ", report.name, ": ", part, "\n");
    }
    session.terminal.print(concat("\n", table.render(session.style.has_headers), rest));
  }

  std::vector<std::string> files_, case_names_, definitions_;
  std::string mocks_, input_ = "{}", junit_;
  Value input_value_;
  std::vector<MachineReport> reports_;
  std::vector<std::string> known_cases_;  // by both names
  std::vector<std::string> full_names_;   // MACHINE#CASE
};

}  // namespace

std::unique_ptr<cli::Verb> test() { return std::make_unique<Test>(); }

}  // namespace pawl::daemon
