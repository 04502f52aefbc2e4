#include <cstdlib>

#include "base/text.h"
#include "daemon/config.h"
#include "daemon/store_report.h"
#include "daemon/verbs.h"
#include "store/backup/backup.h"

namespace pawl::daemon {
namespace {

class StoreRestore : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.positional("FILE", restoring_.file, "a backup");
    arguments.option("--into", flags_.data, "data directory to restore into (PAWL_DATA)");
    arguments.option("--config", flags_.file,
                     "configuration that names it (PAWL_CONFIG); one of both must be said");
    arguments.flag("--replace", restoring_.is_replacing,
                   "where a store is there already, keep it beside under a dated name");
  }

  Result<int> run(const cli::Session& session) override {
    TRY(check_says_where());
    restoring_.data_path = TRY(load_config(flags_)).store_file();
    StoreProgress shown(session);
    auto restored = store::restore_backup(restoring_, shown.progress());
    shown.clear();
    // What a server is told that finds another one there is no advice for us.
    if (!restored && restored.error().code() == ErrorCode::conflict)
      return std::move(restored).error().with_hint(
          "Stop that server, or restore into another directory: --into DIRECTORY.");
    const store::RestoreReport report = TRY(std::move(restored));
    if (session.wants_json()) {
      session.show(json_of(report.check)
                       .with("file", restoring_.data_path)
                       .with("kept", report.kept.empty() ? json::Value() : report.kept));
      return cli::exit_done;
    }
    session.terminal.print(concat(restoring_.data_path, ": ", summary(report.check), "\n"));
    if (!report.kept.empty()) {
      session.remark(concat("The store that was there is kept as ", report.kept, "."));
    }
    return cli::exit_done;
  }

 private:
  // What goes to the default folder by mistake would be the next server's store.
  Result<void> check_says_where() const {
    const bool is_said = !flags_.data.empty() || !flags_.file.empty() ||
                         std::getenv("PAWL_DATA") != nullptr ||
                         std::getenv("PAWL_CONFIG") != nullptr;
    if (is_said) return {};
    return Error(ErrorCode::invalid_argument, "where the store is to be put is not said",
                 "Name it: --into DIRECTORY, or --config FILE.");
  }

  store::Restoring restoring_;
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> store_restore() { return std::make_unique<StoreRestore>(); }

}  // namespace pawl::daemon
