#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::daemon {

struct TomlMember;

// A TOML document with the place of every value, so that what is wrong with one can be said by
// line.
struct TomlNode {
  enum class Kind { text, integer, real, boolean, array, table, time };
  Kind kind = Kind::table;
  std::string text;  // of a text
  int64_t integer = 0;
  double real = 0;
  bool boolean = false;
  std::vector<TomlNode> elements;   // of an array
  std::vector<TomlMember> members;  // of a table, by name
  int line = 0;

  const TomlNode* find(std::string_view name) const;
};

struct TomlMember {
  std::string name;
  TomlNode value;
};

// Error: invalid_argument, "FILE:LINE: what".
Result<TomlNode> parse_toml(std::string_view text, const std::string& file);

// "a text", "a whole number", …
std::string_view description(TomlNode::Kind kind);

}  // namespace pawl::daemon
