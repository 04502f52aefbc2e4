#include "asl/query.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

constexpr std::string_view opening = "{%", closing = "%}";
constexpr std::string_view states = "states";

// Where the expression begins in "{% … %}", of what is between the signs.
size_t offset_of(std::string_view between) {
  return opening.size() + static_cast<size_t>(trim(between).data() - between.data());
}

std::string_view root_of(std::string_view reference) {
  return reference.substr(0, reference.find('.'));
}

// Nothing interrupts an evaluation, so it may take what is left of the budget and no more.
jsonata::Limits limits(Budget& budget) {
  jsonata::Limits limits;
  limits.steps_max = budget.steps_max - budget.steps;
  limits.steps_taken = &budget.steps;
  limits.bytes_max = expression_bytes_max;
  return limits;
}

// A function can be no value, but is an empty text in one.
bool is_function(std::string_view text, const jsonata::Bindings& bindings,
                 const jsonata::Facts& facts, Budget& budget) {
  const auto type =
      jsonata::Expression::compile(concat("$type((", text, "\n))"), jsonata::Dialect::states);
  if (!type) return false;
  const auto answer = type->evaluate(Value(), bindings, facts, limits(budget));
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

Query::Query(std::string field, std::string_view between, jsonata::Expression expression)
    : field_(std::move(field)),
      text_(trim(between)),
      expression_(std::move(expression)),
      references_(expression_.references()),
      functions_(expression_.functions()),
      text_offset_(offset_of(between)) {
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
  if (expression) return Query(std::move(field), between, *std::move(expression));
  const jsonata::Problem& problem = expression.error();
  return QueryProblem{std::move(field), problem.message, offset_of(between) + problem.position};
}

std::vector<QueryProblem> Query::unsupported() const {
  const bool has_error_output = field_.starts_with("Catch[");
  std::vector<QueryProblem> problems;
  for (const auto& [name, position] : expression_.context_reads()) {
    std::string message = concat("Reference to '", name, "' at the top level is not supported.");
    if (name == "$$") message = "Reference to '$$' is not supported.";
    if (name == "$states.errorOutput") {
      if (has_error_output) continue;
      message = "Field '$states.errorOutput' does not exist.";
    }
    problems.push_back(
        {field_, std::move(message), text_offset_ + position, "UNSUPPORTED_JSONATA_EXPRESSION"});
  }
  return problems;
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
  if (scope.variables == nullptr || scope.variables->size() == 0) return bound;
  for (const auto& name : functions_)
    if (const Value* value = scope.variables->find(name)) bound.emplace(name, *value);
  return bound;
}

Failure Query::failure(std::string_view trouble) const {
  return {std::string(query_evaluation_error),
          concat("The JSONata expression '", text_, "' specified for the field '", field_, "' ",
                 trouble),
          field_};
}

Failure Query::failure(const jsonata::Problem& problem, const Budget& budget) const {
  if (budget.steps > budget.steps_max)
    return failure(concat("exceeded the limit of ", budget.steps_max,
                          " evaluation steps that one transition of a state may take."));
  return failure(concat("threw an error during evaluation. ", problem.code, ": ", problem.message));
}

Outcome<Value> Query::evaluate(const Scope& scope) const {
  Budget own;
  Budget& budget = scope.budget == nullptr ? own : *scope.budget;
  const jsonata::Bindings bound = bindings(scope);
  const jsonata::Facts facts{.now = scope.now, .entropy = scope.entropy};
  const auto answer = expression_.evaluate(Value(), bound, facts, limits(budget));
  if (!answer) return failure(answer.error(), budget);
  if (!answer->has_value()) return failure("returned nothing (undefined).");
  if (**answer == Value("") && is_function(text_, bound, facts, budget))
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
