#include "asl/evaluate.h"

#include <cmath>

#include "base/text.h"
#include "base/time.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

Failure runtime(std::string cause) { return {"States.Runtime", std::move(cause)}; }

std::string shown(const Value& value) {
  return value.is_string() ? std::string(value.string()) : json::write(value);
}

// The path of an input in the service's failures, which leave the second $ of "$$" out.
std::string_view input_path(const Path& path) {
  return std::string_view(path.text()).substr(path.reads_context() ? 1 : 0);
}

// "12" is taken for 12: that is what a variable assigned from a text holds.
Value as_number(const Value& value) {
  if (!value.is_string()) return value;
  const auto number = parse_integer(value.string());
  return number ? Value(*number) : value;
}

Outcome<double> within_range(const NumberOrPath& number, const Value& value,
                             std::string_view error) {
  const bool is_percentage = number.field == "ToleratedFailurePercentage";
  const auto failure = [&](std::string_view trouble) {
    const bool is_query = error == query_evaluation_error;
    return Failure{std::string(error), concat(number.field, " ", trouble),
                   is_query ? number.field : std::string()};
  };
  if (is_percentage && !(value.real() >= 0 && value.real() <= 100))
    return failure("must be between 0 and 100.");
  // A negative MaxItems is a failure of the reader, and not of the expression.
  const bool may_be_negative = number.field == "MaxItems" && error != query_evaluation_error;
  if (value.real() < 0 && !may_be_negative) return failure("cannot be negative.");
  constexpr double most = 9e15;  // what an integer holds exactly
  if (!is_percentage && (value.real() != std::floor(value.real()) || value.real() > most))
    return failure("must be an integer.");
  return value.real();
}

// Wait, in JSONata.
Outcome<Instant> wait_end_of_query(const Wait& wait, const Scope& scope, Instant now) {
  if (wait.seconds_query) {
    const Value value = TRY(wait.seconds_query->evaluate_as("number", scope));
    if (value.real() >= 0 && value.real() <= wait_seconds_max &&
        value.real() == std::floor(value.real()))
      return now + seconds(static_cast<int64_t>(value.real()));
    return Failure{std::string(query_evaluation_error),
                   concat("The Seconds field must be an integer between 0 and ", wait_seconds_max,
                          " but was: ", json::write(value)),
                   "Seconds"};
  }
  const Value value = TRY(wait.timestamp_query->evaluate_as("string", scope));
  if (const auto instant = parse_instant(value.string())) return *instant;
  return Failure{
      std::string(query_evaluation_error),
      concat("The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time "
             "format string: ",
             value.string()),
      "Timestamp"};
}

}  // namespace

Outcome<double> real(const NumberOrPath& number, const Scope& scope) {
  if (const auto* literal = std::get_if<int64_t>(&number.value))
    return static_cast<double>(*literal);
  if (const auto* literal = std::get_if<double>(&number.value)) return *literal;
  if (const auto* query = std::get_if<Query>(&number.value)) {
    const Value value = TRY(query->evaluate_as("number", scope));
    return within_range(number, value, query_evaluation_error);
  }
  const bool is_percentage = number.field == "ToleratedFailurePercentage";
  const Path& path = std::get<Path>(number.value);
  const Value value = as_number(TRY(path.read(scope)));
  if (!value.is_integer() && !(is_percentage && value.is_number()))
    return runtime(concat("The ", number.field, "Path field refers to value \"", shown(value),
                          "\" which is not a valid ", is_percentage ? "float" : "integer", ": ",
                          path.text()));
  return within_range(number, value, "States.Runtime");
}

Outcome<int64_t> number(const NumberOrPath& number, const Scope& scope) {
  return static_cast<int64_t>(TRY(real(number, scope)));
}

Outcome<std::string> text(const TextOrExpression& text, const Scope& scope) {
  if (const auto* literal = std::get_if<std::string>(&text.value)) return *literal;
  const Value value = TRY(std::get<Template>(text.value).evaluate_as("string", scope));
  if (value.is_string()) return std::string(value.string());
  return runtime(concat("The value ", json::write(value), " is not a string"));
}

Outcome<Value> read(const std::optional<PathOrNull>& path, const Scope& scope) {
  if (!path) return scope.input;
  if (!path->path) return Value::object();
  return path->path->read(scope);
}

Outcome<Value> place(const std::optional<PathOrNull>& path, const Value& input,
                     const Value& result) {
  if (!path) return result;
  if (!path->path) return input;
  return path->path->write(input, result);
}

Outcome<Instant> wait_end(const Wait& wait, const Scope& scope, Instant now) {
  if (wait.seconds) return now + seconds(*wait.seconds);
  if (wait.timestamp) return *parse_instant(*wait.timestamp);
  if (wait.seconds_query || wait.timestamp_query) return wait_end_of_query(wait, scope, now);
  const Path& path = wait.seconds_path ? *wait.seconds_path : *wait.timestamp_path;
  const auto value = path.read(scope);
  const std::string_view field = wait.seconds_path ? "SecondsPath" : "TimestampPath";
  if (!value)
    return runtime(
        concat("The ", field, " parameter does not reference an input value: ", path.text()));
  if (wait.seconds_path) {
    if (value->is_integer() && value->integer() >= 0 && value->integer() <= wait_seconds_max)
      return now + seconds(value->integer());
    return runtime(concat(
        "The SecondsPath parameter does not reference a valid number of seconds: ", path.text(),
        " == ", shown(*value)));
  }
  const auto instant = value->is_string() ? parse_instant(value->string()) : std::nullopt;
  if (instant) return *instant;
  return runtime(
      concat("The TimestampPath parameter does not reference a valid ISO-8601 extended "
             "offset date-time format string: ",
             path.text(), " == ", shown(*value)));
}

Outcome<bool> holds(const ChoiceRule& rule, const Scope& scope) {
  if (const auto* literal = std::get_if<bool>(&rule.condition)) return *literal;
  if (const auto* query = std::get_if<Query>(&rule.condition))
    return TRY(query->evaluate_as("boolean", scope)).boolean();
  return std::get<Condition>(rule.condition).holds(scope);
}

Outcome<Value> items(const State& state, const Map& map, const Scope& scope) {
  if (map.items) return map.items->evaluate_as("array", scope);
  if (state.is_jsonata() && !scope.input.is_array())
    return Failure{std::string(query_evaluation_error),
                   concat("Map state input must be an array but was: ", json::write(scope.input))};
  const Value value = map.items_path ? TRY(map.items_path->read(scope)) : scope.input;
  if (value.is_array()) return value;
  return runtime(concat("Reference path \"",
                        map.items_path ? input_path(*map.items_path) : std::string_view("$"),
                        "\" must point to array."));
}

}  // namespace pawl::asl
