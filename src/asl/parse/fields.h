#pragma once

#include <initializer_list>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "asl/machine.h"
#include "asl/parse/findings.h"
#include "json/value.h"

namespace pawl::asl::parse {

struct Range {
  double min = std::numeric_limits<double>::lowest();
  double max = std::numeric_limits<double>::max();
};

// Of words that are separated by blanks.
bool is_one_of(std::string_view word, std::string_view words);

enum class PathRule { any, reference, reference_in_input };

// One object of a definition, read field by field. What is wrong becomes a finding, and the answer
// is empty; absent fields give empty answers too.
class Fields {
 public:
  Fields(const json::Value& object, std::string location, Findings& findings)
      : object_(object), location_(std::move(location)), findings_(findings) {}

  const json::Value& object() const { return object_; }
  const std::string& location() const { return location_; }
  std::string location(std::string_view name) const;
  Findings& findings() { return findings_; }
  // The query language of the state that the object is, or is part of.
  QueryLanguage language() const { return language_; }
  void set_language(QueryLanguage language) { language_ = language; }
  bool is_jsonata() const { return language_ == QueryLanguage::jsonata; }
  // An object within this one, of the same language.
  Fields inside(const json::Value& object, std::string location) const {
    Fields fields(object, std::move(location), findings_);
    fields.set_language(language_);
    return fields;
  }
  // The object of that name; nothing where there is none.
  std::optional<Fields> part(std::string_view name);
  // The place in the state, "Retry[0]/ErrorEquals", as the service's failures name it.
  std::string place(std::string_view name) const;
  bool has(std::string_view name) const { return object_.find(name) != nullptr; }

  // `names` are separated by blanks.
  void only(std::string_view names);
  // … and of the language, those that only JSONPath has or only JSONata has.
  struct ByLanguage {
    std::string_view jsonpath, jsonata;
  };
  void only_in_language(std::string_view common, ByLanguage special);
  void required(std::initializer_list<std::string_view> names);
  // The one field of these that is there; a finding where there are several.
  std::optional<std::string_view> at_most_one(std::initializer_list<std::string_view> names);

  std::optional<std::string> text(std::string_view name);
  std::optional<std::string> non_empty_text(std::string_view name);
  // Empty where it is absent, a finding where it is none of these, which are separated by blanks.
  std::string one_of(std::string_view name, std::string_view words);
  std::optional<bool> boolean(std::string_view name);
  std::optional<int64_t> integer(std::string_view name, Range range);
  std::optional<double> number(std::string_view name, Range range);
  // The value where it is an object, or an array that is not empty; otherwise null and a finding.
  const json::Value* object(std::string_view name);
  const json::Value* non_empty_array(std::string_view name);

  std::optional<Path> path(std::string_view name, PathRule rule);
  std::optional<PathOrNull> path_or_null(std::string_view name, PathRule rule);
  std::optional<Template> payload(std::string_view name);
  // The expression where the state is in JSONata and the field is one.
  std::optional<Query> query(std::string_view name);
  bool holds_query(std::string_view name) const;
  // `name` as an integer or an expression, or `name`Path.
  std::optional<NumberOrPath> integer_or_path(std::string_view name, Range range);
  std::optional<NumberOrPath> number_or_path(std::string_view name, Range range);

 private:
  const json::Value* expect(std::string_view name, bool (json::Value::*is)() const,
                            std::string_view type);
  bool within(std::string_view name, double value, Range range, bool is_integer);

  const json::Value& object_;
  std::string location_;
  Findings& findings_;
  QueryLanguage language_ = QueryLanguage::jsonpath;
};

}  // namespace pawl::asl::parse
