#include "api/batch/members.h"

#include <algorithm>

#include "base/text.h"
#include "store/page_token.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr size_t tags_max = 50, tag_key_max = 128, tag_value_max = 256;
constexpr int64_t timeout_least_strict = 60;

}  // namespace

Value::Object given(const Value& input, std::span<const std::string_view> names) {
  Value::Object members;
  for (const std::string_view name : names)
    if (const Value* found = input.find(name); found != nullptr && !found->is_null())
      members.push_back({std::string(name), *found});
  return members;
}

std::span<const Value> elements_of(const Value& input, std::string_view name) {
  const Value* found = input.find(name);
  if (found == nullptr || !found->is_array()) return {};
  return found->elements();
}

Result<void> check_texts(const Value& map, std::string_view name) {
  if (!map.is_object()) return {};
  for (const auto& [key, value] : map.members())
    if (!value.is_string()) return refused(concat(name, ".", key, " is not a string"));
  return {};
}

Result<void> check_tags(const Value& tags) {
  TRY(check_texts(tags, "tags"));
  if (!tags.is_object()) return {};
  if (tags.size() > tags_max)
    return refused(concat("a resource has ", tags_max, " tags at most, not ", tags.size()));
  for (const auto& [key, value] : tags.members()) {
    if (key.empty() || key.size() > tag_key_max || value.size() > tag_value_max)
      return refused(concat("the tag ", key.substr(0, tag_key_max), " is too long: a key has 1 to ",
                            tag_key_max, " characters, a value ", tag_value_max, " at most"));
    if (lower(key).starts_with("aws:"))
      return refused(concat("the tag ", key, " begins with aws:, which is AWS's own"));
  }
  return {};
}

Result<void> check_timeout(const Value& timeout, const Place& place) {
  const auto limit = timeout.integer_at("attemptDurationSeconds");
  if (!limit || !place.is_strict || *limit >= timeout_least_strict) return {};
  return refused(concat("timeout.attemptDurationSeconds must be at least ", timeout_least_strict,
                        " with --strict-aws, not ", *limit));
}

size_t page_size_of(const Call& call, size_t most) {
  const int64_t asked = call.input.integer_at("maxResults").value_or(0);
  return asked <= 0 ? most : std::min(most, static_cast<size_t>(asked));
}

Result<std::string> page_after(const Call& call, std::string_view list) {
  const std::string token = call.input.string_at("nextToken").value_or("");
  if (token.empty()) return std::string();
  auto key = store::read_page_token(list, token);
  if (!key) return refused("nextToken is none of this list's");
  return key;
}

Result<Value> page_of(const Call& call, const Listed& listed, const std::vector<Value>& rows) {
  constexpr size_t page_max = 100;
  const std::string after = TRY(page_after(call, listed.member));
  const size_t most = page_size_of(call, page_max);
  Value::Array page;
  std::string last;
  for (const Value& row : rows) {
    const std::string key = row.string_at(listed.key).value_or("");
    if (!after.empty() && key <= after) continue;
    if (page.size() == most)
      return Value::object({{std::string(listed.member), std::move(page)},
                            {"nextToken", store::make_page_token(listed.member, last)}});
    page.push_back(row);
    last = key;
  }
  return Value::object({{std::string(listed.member), std::move(page)}});
}

std::vector<Value> wanted(const Call& call, const Named& named) {
  const auto names = elements_of(call.input, named.member);
  const bool is_queue = named.kind == jobs::ResourceKind::queue;
  const std::string_view name = is_queue ? "jobQueueName" : "computeEnvironmentName";
  const std::string_view arn = is_queue ? "jobQueueArn" : "computeEnvironmentArn";
  std::vector<Value> found = call.jobs.shown(named.kind);
  if (names.empty()) return found;
  std::erase_if(found, [&](const Value& shown) {
    return std::ranges::none_of(
        names, [&](const Value& each) { return each == shown[name] || each == shown[arn]; });
  });
  return found;
}

}  // namespace pawl::api::batch
