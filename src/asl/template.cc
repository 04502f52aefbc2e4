#include "asl/template.h"

#include <set>
#include <variant>
#include <vector>

#include "asl/intrinsic/call.h"
#include "asl/path.h"
#include "asl/query.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::asl {

using intrinsic::Entropy;
using json::Value;

struct Template::Node {
  struct Object {
    std::vector<std::string> names;  // without ".$"
    std::vector<Node> nodes;
  };
  struct Array {
    std::vector<Node> elements;
  };
  struct PathField {
    std::string field;  // as written, "value.$"
    Path path;
  };

  // What holds no expression is one shared value, however large.
  std::variant<Value, Object, Array, PathField, intrinsic::Call, Query> content;

  static Result<Node> compile(const Value& value);
  static Result<Node, QueryProblem> compile_jsonata(std::string field, const Value& value);
  static Result<Node> compile_object(const Value& value);
  static Result<Node> compile_array(const Value& value);
  static Result<Node> compile_expression(std::string_view field, std::string_view text);
  Outcome<Value> evaluate(const Scope& scope, Entropy& entropy) const;
  void add_variables(std::vector<std::string>& names) const;
  void add_queries(std::vector<const Query*>& queries) const;
  bool is_literal() const { return std::holds_alternative<Value>(content); }
};

namespace {

constexpr std::string_view dynamic = ".$";

Error malformed(std::string_view field) {
  return Error(ErrorCode::invalid_argument,
               concat("The value for the field '", field,
                      "' must be a valid JSONPath or a valid intrinsic function call"));
}

Failure missing(std::string_view path, std::string_view field, const Scope& scope) {
  return {"States.Runtime",
          concat("The JSONPath '", path, "' specified for the field '", field,
                 "' could not be found in the input '", json::write(scope.input), "'")};
}

}  // namespace

Result<Template::Node> Template::Node::compile(const Value& value) {
  if (value.is_object()) return compile_object(value);
  if (value.is_array()) return compile_array(value);
  return Node{value};
}

Result<Template::Node> Template::Node::compile_object(const Value& value) {
  Object object;
  bool is_literal = true;
  std::set<std::string_view> names;
  for (const auto& [field, content] : value.members()) {
    std::string_view name = field;
    const bool is_dynamic = name.size() > dynamic.size() && name.ends_with(dynamic);
    if (is_dynamic) name.remove_suffix(dynamic.size());
    if (!names.insert(name).second)
      return Error(ErrorCode::invalid_argument, concat("The field '", name, "' is given twice"));
    if (is_dynamic && !content.is_string()) return malformed(field);
    Node node =
        is_dynamic ? TRY(compile_expression(field, content.string())) : TRY(compile(content));
    is_literal = is_literal && node.is_literal();
    object.names.emplace_back(name);
    object.nodes.push_back(std::move(node));
  }
  return is_literal ? Node{value} : Node{std::move(object)};
}

Result<Template::Node> Template::Node::compile_array(const Value& value) {
  Array array;
  bool is_literal = true;
  for (const Value& element : value.elements()) {
    array.elements.push_back(TRY(compile(element)));
    is_literal = is_literal && array.elements.back().is_literal();
  }
  return is_literal ? Node{value} : Node{std::move(array)};
}

Result<Template::Node> Template::Node::compile_expression(std::string_view field,
                                                          std::string_view text) {
  if (text.starts_with('$')) {
    auto path = Path::parse(text);
    if (path) return Node{PathField{std::string(field), *std::move(path)}};
    if (path.error().code() == ErrorCode::unsupported) return std::move(path).error();
    return malformed(field);
  }
  auto call = intrinsic::parse(text);
  if (call) return Node{*std::move(call)};
  if (call.error().code() == ErrorCode::unsupported) return std::move(call).error();
  return malformed(field);
}

Result<Template::Node, QueryProblem> Template::Node::compile_jsonata(std::string field,
                                                                     const Value& value) {
  if (value.is_string() && Query::is_expression(value.string()))
    return Node{TRY(Query::compile(std::move(field), value.string()))};
  bool is_literal = true;
  if (value.is_array()) {
    Array array;
    for (const Value& element : value.elements()) {
      const std::string place = concat(field, "[", array.elements.size(), "]");
      array.elements.push_back(TRY(compile_jsonata(place, element)));
      is_literal = is_literal && array.elements.back().is_literal();
    }
    return is_literal ? Node{value} : Node{std::move(array)};
  }
  if (!value.is_object()) return Node{value};
  Object object;
  for (const auto& [name, content] : value.members()) {
    object.names.push_back(name);
    object.nodes.push_back(TRY(compile_jsonata(concat(field, "/", name), content)));
    is_literal = is_literal && object.nodes.back().is_literal();
  }
  return is_literal ? Node{value} : Node{std::move(object)};
}

Outcome<Value> Template::Node::evaluate(const Scope& scope, Entropy& entropy) const {
  if (const auto* value = std::get_if<Value>(&content)) return *value;
  if (const auto* call = std::get_if<intrinsic::Call>(&content))
    return intrinsic::evaluate(*call, scope, entropy);
  if (const auto* query = std::get_if<Query>(&content)) {
    // Each expression draws randomness of its own.
    Scope seeded = scope;
    seeded.entropy = entropy.next();
    return query->evaluate(seeded);
  }
  if (const auto* field = std::get_if<PathField>(&content)) {
    auto value = field->path.read(scope);
    if (value) return value;
    return missing(field->path.text(), field->field, scope);
  }
  if (const auto* array = std::get_if<Array>(&content)) {
    Value::Array elements;
    for (const Node& node : array->elements) elements.push_back(TRY(node.evaluate(scope, entropy)));
    return Value(std::move(elements));
  }
  const Object& object = std::get<Object>(content);
  Value::Object members;
  for (size_t at = 0; at < object.nodes.size(); ++at)
    members.push_back({object.names[at], TRY(object.nodes[at].evaluate(scope, entropy))});
  return Value(std::move(members));
}

void Template::Node::add_variables(std::vector<std::string>& names) const {
  if (const auto* field = std::get_if<PathField>(&content)) {
    if (!field->path.variable().empty()) names.emplace_back(field->path.variable());
  } else if (const auto* call = std::get_if<intrinsic::Call>(&content)) {
    intrinsic::add_variables(*call, names);
  } else if (const auto* query = std::get_if<Query>(&content)) {
    for (auto& name : query->variables()) names.push_back(std::move(name));
  } else if (const auto* array = std::get_if<Array>(&content)) {
    for (const Node& node : array->elements) node.add_variables(names);
  } else if (const auto* object = std::get_if<Object>(&content)) {
    for (const Node& node : object->nodes) node.add_variables(names);
  }
}

void Template::Node::add_queries(std::vector<const Query*>& queries) const {
  if (const auto* query = std::get_if<Query>(&content)) queries.push_back(query);
  if (const auto* array = std::get_if<Array>(&content))
    for (const Node& node : array->elements) node.add_queries(queries);
  if (const auto* object = std::get_if<Object>(&content))
    for (const Node& node : object->nodes) node.add_queries(queries);
}

std::vector<const Query*> Template::queries() const {
  std::vector<const Query*> queries;
  root_->add_queries(queries);
  return queries;
}

std::vector<std::string> Template::variables() const {
  std::vector<std::string> names;
  root_->add_variables(names);
  return names;
}

Template::Template(std::unique_ptr<const Node> root) : root_(std::move(root)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

Result<Template> Template::compile(const Value& value) {
  return Template(std::make_unique<const Node>(TRY(Node::compile(value))));
}

Result<Template> Template::compile_expression(std::string_view field, std::string_view text) {
  return Template(std::make_unique<const Node>(TRY(Node::compile_expression(field, text))));
}

Result<Template, QueryProblem> Template::compile_jsonata(std::string_view field,
                                                         const Value& value) {
  return Template(
      std::make_unique<const Node>(TRY(Node::compile_jsonata(std::string(field), value))));
}

Outcome<Value> Template::evaluate(const Scope& scope) const {
  Entropy entropy(scope.entropy);
  return root_->evaluate(scope, entropy);
}

Outcome<Value> Template::evaluate_as(std::string_view kind, const Scope& scope) const {
  if (const auto* query = std::get_if<Query>(&root_->content))
    return query->evaluate_as(kind, scope);
  return evaluate(scope);
}

}  // namespace pawl::asl
