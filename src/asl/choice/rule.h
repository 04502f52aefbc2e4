#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "asl/failure.h"
#include "asl/path.h"
#include "asl/scope.h"
#include "json/value.h"

namespace pawl::asl::choice {

enum class Kind { text, number, boolean, timestamp };
enum class Relation { equal, less, greater, less_equal, greater_equal, matches };
enum class Question {
  is_null,
  is_present,
  is_numeric,
  is_string,
  is_boolean,
  is_timestamp,
};

// "StringLessThan", "NumericEqualsPath", …: the kind, the relation, and a value or the path of one.
struct Comparison {
  Kind kind;
  Relation relation;
  std::variant<json::Value, Path> operand;
};

// "IsNull" and the others, with the answer that is wanted.
struct Test {
  Question question;
  bool wanted;
};

struct Single {
  Path variable;
  std::variant<Comparison, Test> what;
};

struct Rule {
  enum class Form { single, all, any, negation };
  Form form = Form::single;
  std::vector<Rule> parts;  // of And, Or, Not
  std::optional<Single> single;
};

Result<Rule> compile(const json::Value& rule);

Outcome<bool> holds(const Rule& rule, const Scope& scope);

// "*" stands for any characters, "\*" for an asterisk, "\\" for a backslash.
bool matches(std::string_view text, std::string_view pattern);

}  // namespace pawl::asl::choice
