#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/names.h"
#include "daemon/config.h"
#include "daemon/verbs.h"

namespace pawl::daemon {
namespace {

// What the file says may be right, and the machine still not be as it says.
std::vector<std::string> differences_outside(const Config& config) {
  std::vector<std::string> found;
  const restore::Settings& settings = config.restore;
  const std::string postgres = settings.postgres_directory + "/postgres";
  if (access(postgres.c_str(), X_OK) != 0) found.push_back(concat(postgres, " cannot be run"));
  if (settings.secrets_file.empty()) return found;
  struct stat status {};
  if (stat(settings.secrets_file.c_str(), &status) != 0) {
    found.push_back(concat("the secrets file ", settings.secrets_file, " does not exist"));
  } else if ((status.st_mode & 0077) != 0) {
    found.push_back(
        concat("others may read the secrets file ", settings.secrets_file, "; chmod 600 it"));
  }
  return found;
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
    if (file_.empty()) return Error(ErrorCode::invalid_argument, "no configuration file is named");
    const ConfigReading reading = TRY(read_config(TRY(cli::read_text_file(file_)), file_));
    std::vector<std::string> lines;
    for (const ConfigProblem& problem : reading.problems) {
      lines.push_back(concat(file_, ":", problem.line, ": ", problem.message));
    }
    for (std::string& what : differences_outside(reading.config)) {
      lines.push_back(concat(file_, ": ", what));
    }
    for (const std::string& line : lines) session.terminal.print(line + "\n");
    if (!lines.empty()) return cli::exit_failed;
    session.remark(concat(file_, ": ", reading.config.restore.regions.size(), " regions, ",
                          reading.config.restore.clusters.size(), " clusters, no problem"));
    return cli::exit_done;
  }

 private:
  std::string file_;
};

class ConfigShow : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.optional_positional("FILE", flags_.file, "configuration file (PAWL_CONFIG)");
    arguments.option("--config", flags_.file, "the same");
  }

  Result<int> run(const cli::Session& session) override {
    session.terminal.print(write_config(TRY(load_config(flags_))));
    return cli::exit_done;
  }

 private:
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> config_check() { return std::make_unique<ConfigCheck>(); }
std::unique_ptr<cli::Verb> config_show() { return std::make_unique<ConfigShow>(); }

}  // namespace pawl::daemon
