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

  // These go on where something is wrong; the node is then of no use.
  using Problems = std::vector<TemplateProblem>;
  static Node compile(const std::string& place, const Value& value, Problems& problems);
  static Node compile_object(const std::string& place, const Value& value, Problems& problems);
  static Node compile_array(const std::string& place, const Value& value, Problems& problems);
  static Result<Node> compile_member(const Value::Member& member);
  static Node compile_jsonata(std::string field, const Value& value,
                              std::vector<QueryProblem>& problems);
  static Result<Node> compile_expression(std::string_view field, std::string_view text);
  Outcome<Value> evaluate(const Scope& scope, Entropy& entropy) const;
  void add_variables(std::vector<std::string>& names) const;
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

Template::Node Template::Node::compile(const std::string& place, const Value& value,
                                       Problems& problems) {
  if (value.is_object()) return compile_object(place, value, problems);
  if (value.is_array()) return compile_array(place, value, problems);
  return Node{value};
}

Template::Node Template::Node::compile_object(const std::string& place, const Value& value,
                                              Problems& problems) {
  Object object;
  bool is_literal = true;
  std::set<std::string_view> names;
  for (const auto& member : value.members()) {
    const std::string member_place = concat(place, "/", member.name);
    const bool is_dynamic = member.name.size() > dynamic.size() && member.name.ends_with(dynamic);
    std::string_view name = member.name;
    if (is_dynamic) name.remove_suffix(dynamic.size());
    if (!names.insert(name).second)
      problems.push_back({member_place, Error(ErrorCode::invalid_argument,
                                              concat("The field '", name, "' is given twice"))});
    Node node;
    if (!is_dynamic) {
      node = compile(member_place, member.value, problems);
    } else if (auto compiled = compile_member(member)) {
      node = *std::move(compiled);
    } else {
      problems.push_back({member_place, std::move(compiled).error()});
    }
    is_literal = is_literal && node.is_literal();
    object.names.emplace_back(name);
    object.nodes.push_back(std::move(node));
  }
  return is_literal ? Node{value} : Node{std::move(object)};
}

Template::Node Template::Node::compile_array(const std::string& place, const Value& value,
                                             Problems& problems) {
  Array array;
  bool is_literal = true;
  for (const Value& element : value.elements()) {
    const std::string element_place = concat(place, "[", array.elements.size(), "]");
    array.elements.push_back(compile(element_place, element, problems));
    is_literal = is_literal && array.elements.back().is_literal();
  }
  return is_literal ? Node{value} : Node{std::move(array)};
}

Result<Template::Node> Template::Node::compile_member(const Value::Member& member) {
  if (!member.value.is_string()) return malformed(member.name);
  return compile_expression(member.name, member.value.string());
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

Template::Node Template::Node::compile_jsonata(std::string field, const Value& value,
                                               std::vector<QueryProblem>& problems) {
  if (value.is_string() && Query::is_expression(value.string())) {
    auto query = Query::compile(std::move(field), value.string());
    if (!query) return problems.push_back(std::move(query).error()), Node{value};
    for (QueryProblem& problem : query->unsupported()) problems.push_back(std::move(problem));
    return Node{*std::move(query)};
  }
  bool is_literal = true;
  if (value.is_array()) {
    Array array;
    for (const Value& element : value.elements()) {
      std::string place = concat(field, "[", array.elements.size(), "]");
      array.elements.push_back(compile_jsonata(std::move(place), element, problems));
      is_literal = is_literal && array.elements.back().is_literal();
    }
    return is_literal ? Node{value} : Node{std::move(array)};
  }
  if (!value.is_object()) return Node{value};
  Object object;
  for (const auto& [name, content] : value.members()) {
    object.names.push_back(name);
    object.nodes.push_back(compile_jsonata(concat(field, "/", name), content, problems));
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

std::vector<std::string> Template::variables() const {
  std::vector<std::string> names;
  root_->add_variables(names);
  return names;
}

Template::Template(std::unique_ptr<const Node> root) : root_(std::move(root)) {}
Template::Template(Template&&) noexcept = default;
Template& Template::operator=(Template&&) noexcept = default;
Template::~Template() = default;

Result<Template, std::vector<TemplateProblem>> Template::compile(const Value& value) {
  std::vector<TemplateProblem> problems;
  Node root = Node::compile("", value, problems);
  if (!problems.empty()) return problems;
  return Template(std::make_unique<const Node>(std::move(root)));
}

Result<Template> Template::compile_expression(std::string_view field, std::string_view text) {
  return Template(std::make_unique<const Node>(TRY(Node::compile_expression(field, text))));
}

Result<Template, std::vector<QueryProblem>> Template::compile_jsonata(std::string_view field,
                                                                      const Value& value) {
  std::vector<QueryProblem> problems;
  Node root = Node::compile_jsonata(std::string(field), value, problems);
  if (!problems.empty()) return problems;
  return Template(std::make_unique<const Node>(std::move(root)));
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
