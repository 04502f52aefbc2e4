#include "asl/evaluate.h"

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

}  // namespace

Outcome<int64_t> number(const NumberOrPath& number, const Scope& scope) {
  if (const auto* literal = std::get_if<int64_t>(&number.value)) return *literal;
  const Path& path = std::get<Path>(number.value);
  const Value value = TRY(path.read(scope));
  const bool is_percentage = number.field == "ToleratedFailurePercentage";
  if (!value.is_integer() && !(is_percentage && value.is_number()))
    return runtime(concat("The ", number.field, "Path field refers to value \"", shown(value),
                          "\" which is not a valid ", is_percentage ? "float" : "integer", ": ",
                          path.text()));
  if (is_percentage && !(value.real() >= 0 && value.real() <= 100))
    return runtime(concat(number.field, " must be between 0 and 100."));
  if (value.real() < 0) return runtime(concat(number.field, " cannot be negative."));
  return static_cast<int64_t>(value.real());
}

Outcome<std::string> text(const TextOrExpression& text, const Scope& scope) {
  if (const auto* literal = std::get_if<std::string>(&text.value)) return *literal;
  const Value value = TRY(std::get<Template>(text.value).evaluate(scope));
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

Outcome<Value> items(const Map& map, const Scope& scope) {
  const Value value = map.items_path ? TRY(map.items_path->read(scope)) : scope.input;
  if (value.is_array()) return value;
  return runtime(concat("Reference path \"",
                        map.items_path ? input_path(*map.items_path) : std::string_view("$"),
                        "\" must point to array."));
}

}  // namespace pawl::asl
