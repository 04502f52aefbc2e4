#include <cstdlib>

#include "base/text.h"
#include "cli/names.h"
#include "daemon/config.h"
#include "daemon/config_checks.h"
#include "daemon/settings.h"
#include "daemon/verbs.h"

namespace pawl::daemon {
namespace {

// Nothing is taken from a place that was not named: say so, and what a first file looks like.
Error no_file() {
  return Error(
      ErrorCode::invalid_argument,
      "no configuration file is named: neither FILE nor --config, and PAWL_CONFIG is not set",
      "`pawl config show > pawl.toml` writes one with everything that is built in; "
      "docs/configuration.md describes every key.");
}

class ConfigCheck : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.optional_positional("FILE", file_, "configuration file (PAWL_CONFIG)");
    arguments.option("--config", file_, "the same");
  }

  Result<int> run(const cli::Session& session) override {
    const char* variable = getenv("PAWL_CONFIG");
    if (file_.empty() && variable != nullptr) file_ = variable;
    if (file_.empty()) return no_file();
    const ConfigReading reading = TRY(read_config(TRY(cli::read_text_file(file_)), file_));
    std::vector<ConfigProblem> problems = reading.problems;
    const auto home = check_home_region(reading.config);
    if (problems.empty() && !home) problems.push_back({0, home.error().message()});
    for (ConfigProblem& difference : differences_outside(reading.config))
      problems.push_back(std::move(difference));
    show(session, problems);
    if (!problems.empty()) return cli::exit_failed;
    session.remark(concat(file_, ": ", reading.config.restore.regions.size(), " regions, ",
                          reading.config.restore.clusters.size(), " clusters, no problem"));
    return cli::exit_done;
  }

 private:
  // What is of no line is of the file as a whole.
  void show(const cli::Session& session, const std::vector<ConfigProblem>& problems) const {
    json::Value::Array list;
    for (const auto& [line, message] : problems) {
      if (session.wants_json()) {
        list.push_back(json::Value::object(
            {{"line", line > 0 ? json::Value(line) : json::Value()}, {"message", message}}));
      } else {
        session.terminal.print(line > 0 ? concat(file_, ":", line, ": ", message, "\n")
                                        : concat(file_, ": ", message, "\n"));
      }
    }
    if (!session.wants_json()) return;
    session.show(json::Value::object({{"file", file_}, {"problems", std::move(list)}}));
  }

  std::string file_;
};

json::Value::Array list_of(const std::vector<Setting>& settings) {
  json::Value::Array list;
  for (const Setting& setting : settings) {
    list.push_back(json::Value::object(
        {{"key", setting.name},
         {"value", setting.value},
         {"unit", setting.unit.empty() ? json::Value() : json::Value(setting.unit)},
         {"from", setting.origin}}));
  }
  return list;
}

class ConfigShow : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.optional_positional("FILE", flags_.file, "configuration file (PAWL_CONFIG)");
    arguments.option("--config", flags_.file, "the same");
  }

  Result<int> run(const cli::Session& session) override {
    const Config config = TRY(load_config(flags_));
    if (session.wants_json()) {
      session.show(json::Value::object(
          {{"settings", list_of(settings_of(config))}, {"fixed", list_of(fixed_limits())}}));
    } else {
      session.terminal.print(annotated_config(config));
    }
    return cli::exit_done;
  }

 private:
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> config_check() { return std::make_unique<ConfigCheck>(); }
std::unique_ptr<cli::Verb> config_show() { return std::make_unique<ConfigShow>(); }

}  // namespace pawl::daemon
