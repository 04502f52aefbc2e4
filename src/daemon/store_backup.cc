#include <algorithm>

#include "base/text.h"
#include "cli/units.h"
#include "daemon/config.h"
#include "daemon/store_report.h"
#include "daemon/verbs.h"
#include "store/backup/backup.h"
#include "world/files.h"

namespace pawl::daemon {
namespace {

class StoreBackup : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.positional("FILE", file_, "where the backup goes; no file may be there");
    arguments.option("--config", flags_.file, "configuration of the store (PAWL_CONFIG)");
    arguments.option("--data", flags_.data, "folder of the store (PAWL_DATA)");
  }

  Result<int> run(const cli::Session& session) override {
    const Config config = TRY(load_config(flags_));
    StoreProgress shown(session);
    auto backup = store::back_up(config.store_file(), file_, shown.progress());
    shown.clear();
    const store::BackupReport report = TRY(std::move(backup));
    const std::string functions = config.functions_directory();
    // Their code is in files that may be as large as the store.
    const auto there = world::list_directory(functions);
    const auto is_function = [](const std::string& name) { return !name.starts_with('.'); };
    const int64_t count = there ? std::ranges::count_if(*there, is_function) : 0;
    if (session.wants_json()) {
      session.show(json_of(report.check)
                       .with("file", file_)
                       .with("sha256", report.hash)
                       .with("functions_left_out", count));
      return cli::exit_done;
    }
    session.terminal.print(concat(file_, ": ", summary(report.check), "\n"));
    if (count > 0)
      session.remark(concat("pawl: not in it: ", cli::count_of(count, "function"), "; copy ",
                            functions, " too"));
    return cli::exit_done;
  }

 private:
  std::string file_;
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> store_backup() { return std::make_unique<StoreBackup>(); }

}  // namespace pawl::daemon
