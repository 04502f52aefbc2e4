#include "store/check/reindex.h"

#include <fcntl.h>

#include "base/text.h"
#include "store/data_lock.h"
#include "store/schema.h"
#include "store/sqlite.h"
#include "world/files.h"

namespace pawl::store {

Result<CheckReport> reindex(const std::string& path, const Progress& progress) {
  TRY(world::open_file(path, O_RDWR, "cannot open"));
  const world::FileLock lock = TRY(take_data_lock(path));
  {
    const auto connection = TRY(Connection::open(path, Connection::Mode::read_write));
    TRY(connection->execute("PRAGMA synchronous=FULL"));
    if (Result<void> checked = connection->check_log(); !checked.has_value())
      return std::move(checked).error().within(path);
    TRY(known_format(*connection));
    TRY(tell(progress, {.what = "making the indexes anew"}));
    if (Result<void> made = connection->execute("REINDEX"); !made.has_value())
      return std::move(made).error().within("the indexes are as they were");
  }
  return check_data_file(path, progress);
}

}  // namespace pawl::store
