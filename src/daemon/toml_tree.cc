#include "daemon/toml_tree.h"

#define TOML_EXCEPTIONS 0
#define TOML_HEADER_ONLY 1
#include <toml++/toml.h>

#include "base/text.h"

namespace pawl::daemon {
namespace {

TomlNode copy(const toml::node& node);

TomlNode copy_table(const toml::table& table) {
  TomlNode out;
  for (const auto& [key, value] : table) {
    TomlNode member = copy(value);
    member.line = static_cast<int>(key.source().begin.line);
    out.members.push_back({std::string(key.str()), std::move(member)});
  }
  return out;
}

TomlNode copy_array(const toml::array& array) {
  TomlNode out;
  out.kind = TomlNode::Kind::array;
  for (const auto& element : array) out.elements.push_back(copy(element));
  return out;
}

TomlNode copy_scalar(const toml::node& node) {
  TomlNode out;
  out.kind = TomlNode::Kind::time;
  if (const auto* text = node.as_string()) {
    out.kind = TomlNode::Kind::text;
    out.text = text->get();
  } else if (const auto* integer = node.as_integer()) {
    out.kind = TomlNode::Kind::integer;
    out.integer = integer->get();
  } else if (const auto* real = node.as_floating_point()) {
    out.kind = TomlNode::Kind::real;
    out.real = real->get();
  } else if (const auto* boolean = node.as_boolean()) {
    out.kind = TomlNode::Kind::boolean;
    out.boolean = boolean->get();
  }
  return out;
}

TomlNode copy(const toml::node& node) {
  TomlNode out = node.is_table()   ? copy_table(*node.as_table())
                 : node.is_array() ? copy_array(*node.as_array())
                                   : copy_scalar(node);
  out.line = static_cast<int>(node.source().begin.line);
  return out;
}

struct KnownError {
  std::string_view words, meaning;  // the parser's, and what to do about it
};
constexpr KnownError known_errors[] = {
    {"could not determine value type", "this is no value; a text stands in quotes: \"…\""},
    {"expected value, saw", "there is no value behind the ="},
    {"while parsing date", "this is no date; a text stands in quotes: \"…\""},
    {"while parsing time", "this is no time; a text stands in quotes: \"…\""},
    {"while parsing boolean", "this is neither true nor false; a text stands in quotes: \"…\""},
    {"unescaped control characters", "the text has no closing quote on its line"},
    {"expected '=', saw", "there is no = behind the key"},
    {"expected ']', saw", "the name of the table has no closing ]"},
    {"encountered end-of-file", "the file ends before the value does; a bracket or quote is open"},
    {"expected key or closing '}'", "a table in braces must stand on one line, with a closing }"},
};

// The parser tells what it was doing; people want to know what is wrong with the line.
std::string in_plain_words(std::string_view description) {
  for (const KnownError& known : known_errors) {
    if (description.find(known.words) != description.npos) return std::string(known.meaning);
  }
  constexpr std::string_view redefined = "cannot redefine existing ";
  if (const size_t at = description.find(redefined); at != description.npos) {
    return concat("the ", description.substr(at + redefined.size()), " is there already");
  }
  constexpr std::string_view doing = "Error while parsing ";
  if (description.starts_with(doing)) description.remove_prefix(doing.size());
  return replace_all(std::string(description), "\n", " ");
}

}  // namespace

const TomlNode* TomlNode::find(std::string_view name) const {
  for (const auto& [key, value] : members) {
    if (key == name) return &value;
  }
  return nullptr;
}

Result<TomlNode> parse_toml(std::string_view text, const std::string& file) {
  const toml::parse_result parsed = toml::parse(text, file);
  if (parsed) return copy_table(parsed.table());
  const toml::parse_error& error = parsed.error();
  return Error(ErrorCode::invalid_argument,
               concat(file, ":", error.source().begin.line, ":", error.source().begin.column, ": ",
                      in_plain_words(error.description())));
}

std::string_view description(TomlNode::Kind kind) {
  switch (kind) {
    case TomlNode::Kind::text:
      return "a text";
    case TomlNode::Kind::integer:
      return "a whole number";
    case TomlNode::Kind::real:
      return "a number";
    case TomlNode::Kind::boolean:
      return "true or false";
    case TomlNode::Kind::array:
      return "a list";
    case TomlNode::Kind::table:
      return "a table";
    case TomlNode::Kind::time:
      return "a time";
  }
  return "something else";
}

}  // namespace pawl::daemon
