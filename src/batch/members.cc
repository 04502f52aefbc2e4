#include "batch/members.h"

#include "json/initials.h"

namespace pawl::batch {
namespace {

using json::Initial, json::Value;

constexpr std::string_view of_users[] = {"parameters", "tags"};

}  // namespace

Value as_in_api(const Value& value) { return with_initials(value, Initial::small, of_users); }
Value as_in_tasks(const Value& value) { return with_initials(value, Initial::capital, of_users); }

}  // namespace pawl::batch
