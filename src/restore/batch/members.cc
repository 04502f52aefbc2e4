#include "base/text.h"
#include "restore/batch/verbs.h"

namespace pawl::restore::batch {
namespace {

constexpr size_t cause_bytes_max = 8192;

}  // namespace

Result<std::string> required_text(const json::Value& event, std::string_view name) {
  auto text = event.string_at(name);
  if (text && !text->empty()) return std::move(*text);
  return Error(ErrorCode::invalid_argument, concat(name, " is missing or not a string"));
}

Result<int64_t> required_number(const json::Value& event, std::string_view name) {
  if (const auto number = event.integer_at(name)) return *number;
  return Error(ErrorCode::invalid_argument, concat(name, " is missing or not a whole number"));
}

Result<json::Value> item_of(const json::Value& batch, const json::Value& event) {
  const int64_t index = TRY(required_number(event, "index"));
  json::Value item = entry(batch, "items", index);
  if (item.is_object()) return item;
  return Error(ErrorCode::invalid_argument, concat("the batch has no item with index ", index));
}

std::string shortened_cause(const std::string& cause) { return cause.substr(0, cause_bytes_max); }

}  // namespace pawl::restore::batch
