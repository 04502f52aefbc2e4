#include <filesystem>

#include "base/text.h"
#include "daemon/config.h"
#include "daemon/store_report.h"
#include "daemon/verbs.h"
#include "store/backup/seal.h"
#include "world/files.h"

namespace pawl::daemon {
namespace {

// Of a server's, or one that a restore has put aside. A backup may have any name, but has a seal.
bool is_data_file(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.starts_with("pawl.db") && !store::read_seal(path).has_value();
}

class StoreCheck : public cli::Verb {
 public:
  void declare(cli::Arguments& arguments) override {
    arguments.optional_positional("PATH", path_, "a data directory, or a backup (PAWL_DATA)");
    arguments.option("--config", flags_.file, "configuration that names it (PAWL_CONFIG)");
    arguments.option("--data", flags_.data, "the same as PATH");
  }

  Result<int> run(const cli::Session& session) override {
    std::string path = path_;
    if (path.empty()) path = TRY(load_config(flags_)).data;
    if (world::is_directory(path)) path += "/pawl.db";
    const bool is_backup = !is_data_file(path);
    StoreProgress shown(session);
    auto report = is_backup ? store::check_backup(path, shown.progress())
                            : store::check_data_file(path, shown.progress());
    shown.clear();
    return show_report(session, TRY(std::move(report)), path, is_backup ? "backup" : "store");
  }

 private:
  std::string path_;
  ConfigOverrides flags_;
};

}  // namespace

std::unique_ptr<cli::Verb> store_check() { return std::make_unique<StoreCheck>(); }

}  // namespace pawl::daemon
