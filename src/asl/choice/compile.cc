#include <array>

#include "asl/choice/rule.h"
#include "base/text.h"
#include "base/time.h"

namespace pawl::asl::choice {
namespace {

using json::Value;

constexpr int depth_max = 64;

struct KindName {
  std::string_view name;
  Kind kind;
};
constexpr std::array<KindName, 4> kinds{{{"String", Kind::text},
                                         {"Numeric", Kind::number},
                                         {"Boolean", Kind::boolean},
                                         {"Timestamp", Kind::timestamp}}};
struct RelationName {
  std::string_view name;
  Relation relation;
};
constexpr std::array<RelationName, 6> relations{{{"Equals", Relation::equal},
                                                 {"LessThan", Relation::less},
                                                 {"GreaterThan", Relation::greater},
                                                 {"LessThanEquals", Relation::less_equal},
                                                 {"GreaterThanEquals", Relation::greater_equal},
                                                 {"Matches", Relation::matches}}};
struct QuestionName {
  std::string_view name;
  Question question;
};
constexpr std::array<QuestionName, 6> questions{{{"IsNull", Question::is_null},
                                                 {"IsPresent", Question::is_present},
                                                 {"IsNumeric", Question::is_numeric},
                                                 {"IsString", Question::is_string},
                                                 {"IsBoolean", Question::is_boolean},
                                                 {"IsTimestamp", Question::is_timestamp}}};

struct Operator {
  Kind kind;
  Relation relation;
  bool takes_path;
};

Error invalid(std::string message) {
  return Error(ErrorCode::invalid_argument, std::move(message));
}

std::optional<Operator> find_operator(std::string_view name) {
  const bool takes_path = name.ends_with("Path");
  if (takes_path) name.remove_suffix(4);
  for (const auto& kind : kinds) {
    if (!name.starts_with(kind.name)) continue;
    const std::string_view rest = name.substr(kind.name.size());
    for (const auto& relation : relations) {
      if (relation.name != rest) continue;
      const bool is_equality = relation.relation == Relation::equal;
      const bool is_match = relation.relation == Relation::matches;
      if (kind.kind == Kind::boolean && !is_equality) return std::nullopt;
      if (is_match && (kind.kind != Kind::text || takes_path)) return std::nullopt;
      return Operator{kind.kind, relation.relation, takes_path};
    }
  }
  return std::nullopt;
}

std::optional<Question> find_question(std::string_view name) {
  for (const auto& known : questions)
    if (known.name == name) return known.question;
  return std::nullopt;
}

Result<Path> reference(std::string_view field, const Value& value) {
  if (!value.is_string()) return invalid(concat("Expected value of type String for '", field, "'"));
  auto path = Path::parse(value.string());
  if (!path) return std::move(path).error();
  if (!path->is_reference())
    return invalid(concat("Value is not a Reference Path: '", value.string(), "'"));
  return path;
}

// Whether the operand is of the kind that the operator compares.
bool fits(Kind kind, const Value& operand) {
  switch (kind) {
    case Kind::text:
      return operand.is_string();
    case Kind::number:
      return operand.is_number();
    case Kind::boolean:
      return operand.is_boolean();
    case Kind::timestamp:
      return operand.is_string() && parse_instant(operand.string()).has_value();
  }
  return false;
}

std::string_view expected(Kind kind) {
  switch (kind) {
    case Kind::text:
      return "Expected value of type String";
    case Kind::number:
      return "Expected value of type Number";
    case Kind::boolean:
      return "Expected value of type Boolean";
    case Kind::timestamp:
      return "String does not match RFC3339 timestamp";
  }
  return "";
}

Result<Single> compile_single(Path variable, std::string_view field, const Value& operand) {
  if (const auto question = find_question(field)) {
    if (!operand.is_boolean())
      return invalid(concat(expected(Kind::boolean), " for '", field, "'"));
    return Single{std::move(variable), Test{*question, operand.boolean()}};
  }
  const auto found = find_operator(field);
  if (!found) return invalid(concat("Field '", field, "' is not supported"));
  if (found->takes_path)
    return Single{std::move(variable),
                  Comparison{found->kind, found->relation, TRY(reference(field, operand))}};
  if (!fits(found->kind, operand))
    return invalid(concat(expected(found->kind), " for '", field, "'"));
  return Single{std::move(variable), Comparison{found->kind, found->relation, operand}};
}

Result<Rule> compile_rule(const Value& value, int depth);

Result<Rule> compile_parts(Rule::Form form, const Value& parts, int depth) {
  Rule rule;
  rule.form = form;
  if (form == Rule::Form::negation) {
    rule.parts.push_back(TRY(compile_rule(parts, depth + 1)));
    return rule;
  }
  if (!parts.is_array()) return invalid("Expected value of type Array for And and Or");
  if (parts.size() == 0) return invalid("Value cannot be empty");
  for (const Value& part : parts.elements())
    rule.parts.push_back(TRY(compile_rule(part, depth + 1)));
  return rule;
}

std::optional<Rule::Form> find_form(std::string_view name) {
  if (name == "And") return Rule::Form::all;
  if (name == "Or") return Rule::Form::any;
  if (name == "Not") return Rule::Form::negation;
  return std::nullopt;
}

// The one member that says what is compared.
Result<const Value::Member*> comparison_member(const Value& rule, int depth) {
  const Value::Member* found = nullptr;
  for (const auto& member : rule.members()) {
    if (member.name == "Variable" || member.name == "Comment") continue;
    const bool is_of_rule = member.name == "Next" || member.name == "Assign";
    if (is_of_rule && depth == 0) continue;
    if (is_of_rule)
      return invalid(concat("Field '", member.name, "' is not supported in a nested rule"));
    if (found != nullptr)
      return invalid(concat("There should only be one of the following fields: [", found->name,
                            ", ", member.name, "]"));
    found = &member;
  }
  if (found == nullptr) return invalid("A Choice Rule needs a comparison operator");
  return found;
}

Result<Rule> compile_rule(const Value& value, int depth) {
  if (!value.is_object()) return invalid("Expected value of type Object for a Choice Rule");
  if (depth > depth_max) return invalid("Choice Rules are nested too deeply");
  const Value::Member& member = *TRY(comparison_member(value, depth));
  const Value* variable = value.find("Variable");
  if (const auto form = find_form(member.name)) {
    if (variable != nullptr)
      return invalid(concat("There should only be one of the following fields: [Variable, ",
                            member.name, "]"));
    return compile_parts(*form, member.value, depth);
  }
  if (variable == nullptr) return invalid("These fields are required: [Variable]");
  Rule rule;
  rule.single =
      TRY(compile_single(TRY(reference("Variable", *variable)), member.name, member.value));
  return rule;
}

}  // namespace

Result<Rule> compile(const Value& rule) { return compile_rule(rule, 0); }

}  // namespace pawl::asl::choice
