#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/batch/call.h"

namespace pawl::api::batch {

// What several actions read or show.

// The members of that name that the input has, for a resource that shows them as they were given.
json::Value::Object given(const json::Value& input, std::span<const std::string_view> names);
// The elements of a list of the input; none where it is absent.
std::span<const json::Value> elements_of(const json::Value& input, std::string_view name);

// Error: what is wrong with a resource's tags, or a map of parameters.
Result<void> check_tags(const json::Value& tags);
Result<void> check_texts(const json::Value& map, std::string_view name);

Result<void> check_timeout(const json::Value& timeout, const Place& place);

// A page of a list of resources, which are sorted by the member `key`.
struct Listed {
  std::string_view member, key;
};
Result<json::Value> page_of(const Call& call, const Listed& listed,
                            const std::vector<json::Value>& rows);
// How many a page may have at most.
size_t page_size_of(const Call& call, size_t most);
// Of the last row of the page before; empty: this is the first.
Result<std::string> page_after(const Call& call, std::string_view list);

// Those of the kind that a list of the input names, by name or ARN; all where it names none. Sorted
// by ARN.
struct Named {
  std::string_view member;
  jobs::ResourceKind kind;  // an environment or a queue
};
std::vector<json::Value> wanted(const Call& call, const Named& named);

}  // namespace pawl::api::batch
