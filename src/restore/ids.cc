#include "restore/ids.h"

#include "base/text.h"
#include "restore/known.h"
#include "restore/layout.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

Error is_taken(const std::string& id, std::string_view what) {
  return Error(ErrorCode::already_exists, concat("\"", id, "\" is the id of ", what, " already"),
               "Operations and batches share their ids: choose another name.");
}

}  // namespace

Result<void> check_is_no_batch(const Settings& settings, const std::string& id) {
  TRY(check_operation_id(id));
  if (!world::exists(Layout(*TRY(home_region(settings))).batch(id))) return {};
  return is_taken(id, "a batch");
}

Result<void> check_is_no_operation(const Settings& settings, const std::string& id) {
  TRY(check_operation_id(id));
  for (const auto& [name, region] : settings.regions) {
    if (world::exists(Layout(region).operation(id))) return is_taken(id, "an operation");
  }
  return {};
}

}  // namespace pawl::restore
