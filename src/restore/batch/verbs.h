#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "functions/function.h"
#include "json/value.h"
#include "restore/batch/batch_file.h"
#include "restore/provider.h"
#include "restore/settings.h"
#include "world/clock.h"

// The bodies of the pawl-batch-* functions, one file each; docs/restore-functions.md has what they
// read and answer. Each may be called again with the same input after a crash and answers the same.
namespace pawl::restore::batch {

struct Parts {
  const Settings& settings;
  Batches& batches;
  Provider& provider;
  world::Clock& clock;
  // Whether the execution of that ARN still runs, where someone can tell.
  std::function<bool(const std::string& execution_arn)> is_running = {};
};

Result<json::Value> plan(const Parts& parts, const functions::Call& call);
Result<json::Value> turn(const Parts& parts, const functions::Call& call);
Result<json::Value> classify(const Parts& parts, const functions::Call& call);
Result<json::Value> record(const Parts& parts, const functions::Call& call);
Result<json::Value> report(const Parts& parts, const functions::Call& call);
Result<json::Value> failed(const Parts& parts, const functions::Call& call);

// Whether the execution that the batch was made for does not run any more: what is open stays so.
bool is_left_alone(const json::Value& batch,
                   const std::function<bool(const std::string&)>& is_running);

// What a batch has come to, from its file: the answer of pawl-batch-report.
json::Value summary(const json::Value& batch, Instant now, bool is_left_alone);

// Members that most of them read. Error: invalid_argument where one is missing.
Result<std::string> required_text(const json::Value& event, std::string_view name);
Result<int64_t> required_number(const json::Value& event, std::string_view name);
// The item of `event`'s index. Error: invalid_argument where the batch has none.
Result<json::Value> item_of(const json::Value& batch, const json::Value& event);

// As much of a cause as a batch's file keeps.
std::string shortened_cause(const std::string& cause);

}  // namespace pawl::restore::batch
