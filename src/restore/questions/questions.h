#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"
#include "restore/services.h"

// The bodies of the pawl-restore-* and pawl-snapshot-* functions, one file each;
// docs/restore-functions.md has what they read and answer.
namespace pawl::restore::questions {

Result<json::Value> check(Services& services, const functions::Call& call);
Result<json::Value> plan(Services& services, const functions::Call& call);
Result<json::Value> list(Services& services, const functions::Call& call);
Result<json::Value> rollback(Services& services, const functions::Call& call);
Result<json::Value> snapshot_check(Services& services, const functions::Call& call);
Result<json::Value> snapshot_take(Services& services, const functions::Call& call);
Result<json::Value> stop(Services& services, const functions::Call& call);
Result<json::Value> start(Services& services, const functions::Call& call);
Result<json::Value> remove(Services& services, const functions::Call& call);
Result<json::Value> snapshot_delete(Services& services, const functions::Call& call);
Result<json::Value> snapshot_list(Services& services, const functions::Call& call);
// One operation, by its id.
Result<json::Value> report(Services& services, const functions::Call& call);
// The operations of these ids; what never began is a row with its id only.
json::Value report_of(Services& services, const std::vector<std::string>& operation_ids);

// The state with the moments that its execution began and ended at, and, where nobody ended the
// operation as that did, with how.
json::Value as_it_ended(const Services& services, json::Value state);
// The line of an operation in a list, from such a state, and what serves its target now.
json::Value row_of(const Services& services, const json::Value& state);
// The regions a question is about: the one the input names, or all. Error: invalid_argument.
Result<std::vector<Region>> regions_of(const Settings& settings, const json::Value& event);

}  // namespace pawl::restore::questions
