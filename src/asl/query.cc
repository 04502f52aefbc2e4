#include "asl/query.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

constexpr std::string_view opening = "{%", closing = "%}";
constexpr std::string_view states = "states";

std::string_view root_of(std::string_view reference) {
  return reference.substr(0, reference.find('.'));
}

// Well below what would hold up the other executions: nothing interrupts an evaluation.
jsonata::Limits limits() {
  jsonata::Limits limits;
  limits.steps_max = 5'000'000;
  limits.bytes_max = 64 << 20;
  return limits;
}

// A function can be no value, but is an empty text in one.
bool is_function(std::string_view text, const jsonata::Bindings& bindings,
                 const jsonata::Facts& facts) {
  const auto type =
      jsonata::Expression::compile(concat("$type((", text, "\n))"), jsonata::Dialect::states);
  if (!type) return false;
  const auto answer = type->evaluate(Value(), bindings, facts, limits());
  return answer && *answer == std::optional(Value("function"));
}

}  // namespace

std::string_view kind_of(const Value& value) {
  if (value.is_null()) return "null";
  if (value.is_boolean()) return "boolean";
  if (value.is_number()) return "number";
  if (value.is_string()) return "string";
  return value.is_array() ? "array" : "object";
}

bool Query::is_expression(std::string_view text) {
  return text.size() >= opening.size() + closing.size() && text.starts_with(opening) &&
         text.ends_with(closing);
}

Query::Query(std::string field, std::string text, jsonata::Expression expression)
    : field_(std::move(field)),
      text_(std::move(text)),
      expression_(std::move(expression)),
      references_(expression_.references()) {
  reads_context_ =
      std::any_of(references_.begin(), references_.end(), [](std::string_view reference) {
        return reference == states || reference.starts_with("states.context");
      });
}

Result<Query, QueryProblem> Query::compile(std::string field, std::string_view text) {
  CHECK(is_expression(text));
  const std::string_view between =
      text.substr(opening.size(), text.size() - opening.size() - closing.size());
  const std::string_view inner = trim(between);
  auto expression = jsonata::Expression::compile(inner, jsonata::Dialect::states);
  if (expression) return Query(std::move(field), std::string(inner), *std::move(expression));
  const jsonata::Problem& problem = expression.error();
  const auto blanks = static_cast<size_t>(inner.data() - between.data());
  return QueryProblem{std::move(field), problem.message,
                      opening.size() + blanks + problem.position};
}

std::vector<std::string> Query::variables() const {
  std::vector<std::string> names;
  for (const auto& reference : references_)
    if (root_of(reference) != states) names.emplace_back(root_of(reference));
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

jsonata::Bindings Query::bindings(const Scope& scope) const {
  jsonata::Bindings bound;
  for (const auto& reference : references_) {
    const std::string_view name = root_of(reference);
    if (bound.contains(name)) continue;
    if (name == states) {
      Value::Object members{{"input", scope.input}};
      if (scope.result != nullptr) members.push_back({"result", *scope.result});
      if (scope.error_output != nullptr) members.push_back({"errorOutput", *scope.error_output});
      if (reads_context_) members.push_back({"context", scope.context});
      bound.emplace(name, Value(std::move(members)));
    } else if (scope.variables != nullptr) {
      if (const Value* value = scope.variables->find(name)) bound.emplace(name, *value);
    }
  }
  return bound;
}

Failure Query::failure(std::string_view trouble) const {
  return {std::string(query_evaluation_error),
          concat("The JSONata expression '", text_, "' specified for the field '", field_, "' ",
                 trouble),
          field_};
}

Outcome<Value> Query::evaluate(const Scope& scope) const {
  const jsonata::Bindings bound = bindings(scope);
  const jsonata::Facts facts{.now = scope.now, .entropy = scope.entropy};
  const auto answer = expression_.evaluate(Value(), bound, facts, limits());
  if (!answer)
    return failure(concat("threw an error during evaluation. ", answer.error().code, ": ",
                          answer.error().message));
  if (!answer->has_value()) return failure("returned nothing (undefined).");
  if (**answer == Value("") && is_function(text_, bound, facts))
    return failure("returned an unsupported result type.");
  return **answer;
}

Outcome<Value> Query::evaluate_as(std::string_view kind, const Scope& scope) const {
  Value value = TRY(evaluate(scope));
  if (kind_of(value) == kind) return value;
  return failure(concat("returned an unexpected result type. Expected '", kind, "', but was '",
                        kind_of(value), "' for value: ", json::write(value)));
}

}  // namespace pawl::asl
