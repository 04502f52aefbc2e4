#include "api/fields.h"

#include "base/arn.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::api {
namespace {

using json::Value;

std::string_view kind_of(std::string_view arn) {
  const auto parsed = parse_arn(arn);
  return parsed ? parsed->resource.substr(0, parsed->resource.find(':')) : std::string_view();
}

}  // namespace

std::string text_of(const Value& input, std::string_view name) {
  return input.string_at(name).value_or("");
}

std::optional<std::string> optional_text_of(const Value& input, std::string_view name) {
  return input.string_at(name);
}

store::PageRequest page_of(const Value& input) {
  const int64_t asked = input.integer_at("maxResults").value_or(0);
  return {.size_max = asked == 0 ? 100 : static_cast<size_t>(asked),
          .token = text_of(input, "nextToken")};
}

Result<bool> read_publish(const Value& input) {
  const bool publish = input.boolean_at("publish").value_or(false);
  if (!publish && !text_of(input, "versionDescription").empty())
    return Error(ErrorCode::invalid_argument,
                 "ValidationException: Version description can only be set when publish is true");
  return publish;
}

bool is_metadata_only(const Value& input) {
  return text_of(input, "includedData") == "METADATA_ONLY";
}

Result<void> check_arn(std::string_view arn, std::string_view kind) {
  const auto invalid = [&](std::string_view why, std::string_view what) {
    return Error(ErrorCode::invalid_argument,
                 concat("InvalidArn: Invalid Arn: '", why, ": ", what, "'"));
  };
  const auto parsed = parse_arn(arn);
  if (!parsed) return invalid("Invalid ARN prefix", arn);
  if (parsed->service != "states") return invalid("Invalid service in ARN", parsed->service);
  const auto found = kind_of(arn);
  if (found != kind) return invalid("Resource type not valid in this context", found);
  return {};
}

Result<void> check_role(std::string_view arn) {
  const auto parsed = parse_arn(arn);
  if (parsed && parsed->service == "iam" && parsed->resource.starts_with("role/")) return {};
  return Error(ErrorCode::invalid_argument, concat("InvalidArn: Invalid Role Arn: '", arn, "'"));
}

Result<std::string> arn_of(const Value& input, std::string_view name, std::string_view kind) {
  std::string arn = text_of(input, name);
  TRY(check_arn(arn, kind));
  return arn;
}

Result<std::string> machine_arn_of(const Value& input) {
  return arn_of(input, "stateMachineArn", "stateMachine");
}

Result<std::string> execution_arn_of(const Value& input) {
  return arn_of(input, "executionArn", "execution");
}

Result<std::string> any_execution_arn_of(const Value& input) {
  const bool is_express = kind_of(text_of(input, "executionArn")) == "express";
  return arn_of(input, "executionArn", is_express ? "express" : "execution");
}

Result<Value> parse_data(const std::string& text, std::string_view error) {
  auto value = json::parse(text);
  if (value) return value;
  return Error(ErrorCode::invalid_argument, concat(error, ": '", value.error().message(), "'"));
}

size_t characters(std::string_view text) {
  size_t count = 0;
  for (const char byte : text) {
    const auto value = static_cast<uint8_t>(byte);
    const bool is_continuation = (value & 0xc0) == 0x80;
    count += is_continuation ? 0 : value >= 0xf0 ? 2 : 1;
  }
  return count;
}

std::function<void(Result<void>)> empty_answer(const Answer& answer) {
  return [answer](Result<void> done) {
    if (!done) return answer(std::move(done).error());
    answer(Value::object());
  };
}

}  // namespace pawl::api
