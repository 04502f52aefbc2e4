#include "base/text.h"
#include "daemon/config.h"
#include "daemon/store_report.h"
#include "daemon/verbs.h"
#include "store/check/reindex.h"
#include "world/files.h"

namespace pawl::daemon {
namespace {

class StoreReindex : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.optional_positional("PATH", path_, "a data directory (PAWL_DATA)");
    arguments.option("--config", flags_.file, "configuration that names it (PAWL_CONFIG)");
    arguments.option("--data", flags_.data, "the same as PATH");
  }

  Result<int> run(const cli::Session& session) override {
    std::string path = path_;
    if (path.empty()) path = TRY(load_config(flags_)).data;
    if (world::is_directory(path)) path += "/pawl.db";
    StoreProgress shown(session);
    auto report = store::reindex(path, shown.progress());
    shown.clear();
    return show_report(session, TRY(std::move(report)), path, "store");
  }

 private:
  std::string path_;
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> store_reindex() { return std::make_unique<StoreReindex>(); }

}  // namespace pawl::daemon
