#include "asl/parse/fields.h"

#include <algorithm>

#include "base/text.h"
#include "json/write.h"

namespace pawl::asl::parse {

using json::Value;

namespace {

std::string listed(const std::vector<std::string>& names) {
  return concat("[", join(names, ", "), "]");
}

}  // namespace

bool is_one_of(std::string_view word, std::string_view words) {
  while (!words.empty()) {
    const std::string_view known = words.substr(0, words.find(' '));
    if (known == word) return true;
    words.remove_prefix(std::min(known.size() + 1, words.size()));
  }
  return false;
}

std::string Fields::location(std::string_view name) const {
  return location_ == "/" ? concat("/", name) : concat(location_, "/", name);
}

// "/States/Copy/Retry[0]" and "ErrorEquals" are "Retry[0]/ErrorEquals": the names of states and of
// what holds them come in pairs in front.
std::string Fields::place(std::string_view name) const {
  const auto states = location_.rfind("/States/");
  if (states == std::string::npos) return std::string(name);
  const auto state = location_.find('/', states + std::string_view("/States/").size());
  if (state == std::string::npos) return std::string(name);
  return concat(std::string_view(location_).substr(state + 1), "/", name);
}

void Fields::only(std::string_view names) {
  for (const auto& member : object_.members())
    if (!is_one_of(member.name, names))
      findings_.schema(location_, concat("Field '", member.name, "' is not supported"));
}

void Fields::only_in_language(std::string_view common, ByLanguage special) {
  const std::string_view own = is_jsonata() ? special.jsonata : special.jsonpath;
  const std::string_view other = is_jsonata() ? special.jsonpath : special.jsonata;
  const std::string_view name = is_jsonata() ? "JSONata" : "JSONPath";
  const std::string_view other_name = is_jsonata() ? "JSONPath" : "JSONata";
  for (const auto& member : object_.members()) {
    if (is_one_of(member.name, common) || is_one_of(member.name, own)) continue;
    if (is_one_of(member.name, other))
      findings_.schema(location_,
                       concat("The QueryLanguage is set to '", name, "', but field '", member.name,
                              "' is only supported for the '", other_name, "' QueryLanguage"));
    else
      findings_.schema(location_, concat("Field '", member.name, "' is not supported"));
  }
}

void Fields::required(std::initializer_list<std::string_view> names) {
  std::vector<std::string> missing;
  for (const std::string_view name : names)
    if (!has(name)) missing.emplace_back(name);
  if (!missing.empty())
    findings_.schema(location_, concat("These fields are required: ", listed(missing)));
}

std::optional<std::string_view> Fields::at_most_one(std::initializer_list<std::string_view> names) {
  std::vector<std::string> there;
  std::optional<std::string_view> first;
  for (const std::string_view name : names) {
    if (!has(name)) continue;
    if (!first) first = name;
    there.emplace_back(name);
  }
  if (there.size() > 1)
    findings_.schema(location_,
                     concat("There should only be one of the following fields: ", listed(there)));
  return first;
}

const Value* Fields::expect(std::string_view name, bool (Value::*is)() const,
                            std::string_view type) {
  const Value* value = object_.find(name);
  if (value == nullptr || (value->*is)()) return value;
  findings_.schema(location(name), concat("Expected value of type ", type));
  return nullptr;
}

std::optional<std::string> Fields::text(std::string_view name) {
  const Value* value = expect(name, &Value::is_string, "String");
  if (value == nullptr) return std::nullopt;
  return std::string(value->string());
}

std::optional<std::string> Fields::non_empty_text(std::string_view name) {
  auto value = text(name);
  if (!value || !value->empty()) return value;
  findings_.schema(location(name), "Value cannot be empty");
  return std::nullopt;
}

std::string Fields::one_of(std::string_view name, std::string_view words) {
  const auto value = text(name);
  if (!value) return {};
  if (!is_one_of(*value, words))
    findings_.schema(location(name),
                     concat("The field '", name, "' should have one of these values: [",
                            replace_all(words, " ", ", "), "]"));
  return *value;
}

std::optional<bool> Fields::boolean(std::string_view name) {
  const Value* value = expect(name, &Value::is_boolean, "Boolean");
  if (value == nullptr) return std::nullopt;
  return value->boolean();
}

bool Fields::within(std::string_view name, double value, Range range, bool is_integer) {
  const auto shown = [is_integer](double bound) {
    if (is_integer) return concat(static_cast<int64_t>(bound));
    const std::string text = concat(bound);
    return text.find('.') == text.npos ? concat(text, ".0") : text;
  };
  if (value < range.min)
    findings_.schema(location(name), concat("Minimum value is ", shown(range.min)));
  else if (value > range.max)
    findings_.schema(location(name), concat("Maximum value is ", shown(range.max)));
  return value >= range.min && value <= range.max;
}

std::optional<int64_t> Fields::integer(std::string_view name, Range range) {
  const Value* value = expect(name, &Value::is_integer, "Integer");
  if (value == nullptr || !within(name, value->real(), range, true)) return std::nullopt;
  return value->integer();
}

std::optional<double> Fields::number(std::string_view name, Range range) {
  const Value* value = expect(name, &Value::is_number, "Number");
  if (value == nullptr || !within(name, value->real(), range, false)) return std::nullopt;
  return value->real();
}

const Value* Fields::object(std::string_view name) {
  return expect(name, &Value::is_object, "Object");
}

std::optional<Fields> Fields::part(std::string_view name) {
  const Value* value = object(name);
  if (value == nullptr) return std::nullopt;
  return inside(*value, location(name));
}

const Value* Fields::non_empty_array(std::string_view name) {
  const Value* value = expect(name, &Value::is_array, "Array");
  if (value == nullptr || value->size() > 0) return value;
  findings_.schema(location(name), "Value cannot be empty");
  return nullptr;
}

std::optional<Path> Fields::path(std::string_view name, PathRule rule) {
  const auto text = this->text(name);
  if (!text) return std::nullopt;
  auto path = Path::parse(*text);
  if (!path) {
    findings_.add(location(name), path.error());
    return std::nullopt;
  }
  const bool fits =
      rule == PathRule::any ||
      (path->is_reference() && !(rule == PathRule::reference_in_input &&
                                 (path->reads_context() || !path->variable().empty())));
  if (fits) return *std::move(path);
  findings_.schema(location(name), concat("Value is not a Reference Path: '", *text, "'"));
  return std::nullopt;
}

std::optional<PathOrNull> Fields::path_or_null(std::string_view name, PathRule rule) {
  const Value* value = object_.find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_null()) return PathOrNull{};
  auto path = this->path(name, rule);
  if (!path) return std::nullopt;
  return PathOrNull{std::move(path)};
}

std::optional<Template> Fields::payload(std::string_view name) {
  const Value* value = object_.find(name);
  if (value == nullptr) return std::nullopt;
  if (is_jsonata()) {
    auto compiled = Template::compile_jsonata(place(name), *value);
    if (compiled) return *std::move(compiled);
    for (const QueryProblem& problem : compiled.error())
      findings_.add(location(name), place(name), problem);
    return std::nullopt;
  }
  auto compiled = Template::compile(*value);
  if (compiled) return *std::move(compiled);
  for (const TemplateProblem& problem : compiled.error())
    findings_.add(location(name), problem.error, problem.place);
  return std::nullopt;
}

bool Fields::holds_query(std::string_view name) const {
  const Value* value = object_.find(name);
  return is_jsonata() && value != nullptr && value->is_string() &&
         Query::is_expression(value->string());
}

std::optional<Query> Fields::query(std::string_view name) {
  if (!holds_query(name)) return std::nullopt;
  auto compiled = Query::compile(place(name), object_.find(name)->string());
  if (!compiled) {
    findings_.add(location(name), place(name), compiled.error());
    return std::nullopt;
  }
  for (const QueryProblem& problem : compiled->unsupported())
    findings_.add(location(name), place(name), problem);
  return *std::move(compiled);
}

std::optional<NumberOrPath> Fields::integer_or_path(std::string_view name, Range range) {
  const std::string path_name = concat(name, "Path");
  at_most_one({name, path_name});
  if (holds_query(name)) {
    auto query = this->query(name);
    if (!query) return std::nullopt;
    return NumberOrPath{*std::move(query), std::string(name)};
  }
  if (const auto literal = integer(name, range)) return NumberOrPath{*literal, std::string(name)};
  if (auto path = this->path(path_name, PathRule::reference))
    return NumberOrPath{*std::move(path), std::string(name)};
  return std::nullopt;
}

std::optional<NumberOrPath> Fields::number_or_path(std::string_view name, Range range) {
  const std::string path_name = concat(name, "Path");
  at_most_one({name, path_name});
  if (holds_query(name)) {
    auto query = this->query(name);
    if (!query) return std::nullopt;
    return NumberOrPath{*std::move(query), std::string(name)};
  }
  if (const auto literal = number(name, range)) {
    const auto whole = static_cast<int64_t>(*literal);
    if (static_cast<double>(whole) == *literal) return NumberOrPath{whole, std::string(name)};
    return NumberOrPath{*literal, std::string(name)};
  }
  if (auto path = this->path(path_name, PathRule::reference))
    return NumberOrPath{*std::move(path), std::string(name)};
  return std::nullopt;
}

}  // namespace pawl::asl::parse
