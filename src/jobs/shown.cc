#include "jobs/shown.h"

#include "base/text.h"

namespace pawl::jobs {

std::string text_at(const json::Value& shown, std::string_view member) {
  return shown.string_at(member).value_or("");
}

std::span<const json::Value> elements_at(const json::Value& shown, std::string_view member) {
  const json::Value* found = shown.find(member);
  if (found == nullptr || !found->is_array()) return {};
  return found->elements();
}

Error refused(std::string_view why) {
  return Error(ErrorCode::invalid_argument, concat("ClientException: ", why));
}

}  // namespace pawl::jobs
