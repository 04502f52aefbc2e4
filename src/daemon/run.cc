#include <stdlib.h>

#include <filesystem>
#include <future>

#include "asl/parse.h"
#include "base/log.h"
#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "daemon/assemble.h"
#include "daemon/verbs.h"
#include "json/parse.h"

namespace pawl::daemon {
namespace {

constexpr Duration look_interval = milliseconds(10);

// A folder that lives as long as the run.
class ScratchStore {
 public:
  static Result<std::unique_ptr<ScratchStore>> create() {
    std::string path = (std::filesystem::temp_directory_path() / "pawl-run-XXXXXX").string();
    if (mkdtemp(path.data()) == nullptr) return errno_error("cannot make " + path, errno);
    return std::make_unique<ScratchStore>(std::move(path));
  }
  explicit ScratchStore(std::string path) : path_(std::move(path)) {}
  ~ScratchStore() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

// A machine of that definition and its only execution; its ARN.
Result<std::string> begin(engine::Engine& engine, const std::string& definition,
                          const std::string& input) {
  std::promise<Result<store::Machine>> created;
  engine.create_machine({"run", definition, "arn:aws:iam::000000000000:role/pawl"},
                        [&](Result<store::Machine> machine) { created.set_value(machine); });
  const store::Machine machine = TRY(created.get_future().get());
  std::promise<Result<engine::Started>> started;
  engine::NewExecution execution;
  execution.machine_arn = machine.arn;
  execution.input = TRY(json::parse(input));
  execution.input_text = input;
  engine.start_execution(execution,
                         [&](Result<engine::Started> result) { started.set_value(result); });
  return TRY(started.get_future().get()).execution_arn;
}

class Run : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.positional("FILE", file_, "a definition in the Amazon States Language");
    arguments.option("-i,--input", input_, "JSON, @FILE, or - for standard input");
    arguments.option("--config", flags_.file, "configuration file (PAWL_CONFIG)");
    arguments.option("--region", flags_.region, "region of the functions (PAWL_REGION)");
  }

  Result<int> run(const cli::Session& session) override {
    const std::string definition = TRY(cli::read_text_file(file_));
    if (!is_sound(session, definition)) return cli::exit_failed;
    const std::string input = TRY(cli::text_argument(input_));
    TRY(cli::parse_json(input, cli::source_of(input_)));
    const auto scratch = TRY(ScratchStore::create());
    flags_.data = scratch->path();
    set_log_level(LogLevel::warning);
    const cli::Interrupt interrupt;
    const auto assembly = TRY(assemble(TRY(load_config(flags_)), {.is_server = false}));
    TRY(assembly->start());
    const std::string arn = TRY(begin(assembly->engine(), definition, input));
    return finish(session, assembly->engine(), arn, interrupt);
  }

 private:
  bool is_sound(const cli::Session& session, const std::string& definition) const {
    const asl::Parsed parsed = asl::parse_definition(definition);
    for (const auto& finding : parsed.diagnostics) {
      session.terminal.say(cli::diagnostic_line(file_, finding));
    }
    return parsed.machine != nullptr;
  }

  static Result<int> finish(const cli::Session& session, engine::Engine& engine,
                            const std::string& arn, const cli::Interrupt& interrupt) {
    while (true) {
      const store::Execution execution = TRY(engine.execution(arn));
      if (execution.status == "SUCCEEDED") {
        session.terminal.print(execution.output + "\n");
        return cli::exit_done;
      }
      if (execution.status != "RUNNING") {
        session.terminal.say(
            concat("pawl: ", execution.status, ": ", execution.error, ": ", execution.cause, "\n"));
        return cli::exit_failed;
      }
      if (!engine.is_running()) {
        return Error(ErrorCode::failed, "the run cannot go on: its store has failed",
                     "Free space in the folder for temporary files and run it again.");
      }
      if (interrupt.wait_for(look_interval)) {
        return Error(ErrorCode::cancelled, "interrupted",
                     "The run is gone; `pawl serve` keeps its executions.");
      }
    }
  }

  std::string file_, input_ = "{}";
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> run() { return std::make_unique<Run>(); }

}  // namespace pawl::daemon
