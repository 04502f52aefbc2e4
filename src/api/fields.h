#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/action.h"
#include "base/result.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::api {

// Reading the members of a request that has its shape (shape.h).

// An absent text is empty.
std::string text_of(const json::Value& input, std::string_view name);
std::optional<std::string> optional_text_of(const json::Value& input, std::string_view name);
// Absent or 0: a hundred.
store::PageRequest page_of(const json::Value& input);
// Error: a version has a description though none is published.
Result<bool> read_publish(const json::Value& input);
// The request wants no data, only what is about them.
bool is_metadata_only(const json::Value& input);

// Error InvalidArn where the text is not the ARN of that kind ("stateMachine", "execution").
Result<void> check_arn(std::string_view arn, std::string_view kind);
// Error InvalidArn where the text does not name a role.
Result<void> check_role(std::string_view arn);
Result<std::string> arn_of(const json::Value& input, std::string_view name, std::string_view kind);
Result<std::string> machine_arn_of(const json::Value& input);
Result<std::string> execution_arn_of(const json::Value& input);
// Of an Express execution too, which the service itself does not show.
Result<std::string> any_execution_arn_of(const json::Value& input);

// Of an execution's input or a task's output. Error: what the text is called, and why it is none.
Result<json::Value> parse_data(const std::string& text, std::string_view error);

// The service counts UTF-16 units: two for what lies outside the basic plane.
size_t characters(std::string_view text);

// {<name>: […], nextToken?}
template <typename T>
json::Value shown_page(std::string_view name, const store::Page<T>& page,
                       json::Value (*shown)(const T&)) {
  json::Value::Array rows;
  for (const T& row : page.rows) rows.push_back(shown(row));
  auto output = json::Value::object({{std::string(name), std::move(rows)}});
  return page.next_token.empty() ? output : output.with("nextToken", page.next_token);
}

// Answers {} where nothing is to be said.
std::function<void(Result<void>)> empty_answer(const Answer& answer);

}  // namespace pawl::api
