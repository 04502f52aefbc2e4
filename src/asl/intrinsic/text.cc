#include "base/text.h"

#include <algorithm>
#include <bitset>

#include "asl/intrinsic/call.h"
#include "json/write.h"

namespace pawl::asl::intrinsic {
namespace {

using json::Value;

// As the service shows a value in a format: objects and arrays in the notation of Java's
// collections ("{Id=7, Tags=[a, b]}"), which is no JSON.
void append_shown(std::string& out, const Value& value) {
  if (value.is_string()) {
    out += value.string();
  } else if (value.is_array()) {
    std::string_view separator = "[";
    if (value.size() == 0) out += separator;
    for (const Value& element : value.elements()) {
      out += separator;
      append_shown(out, element);
      separator = ", ";
    }
    out += ']';
  } else if (value.is_object()) {
    std::string_view separator = "{";
    if (value.size() == 0) out += separator;
    for (const auto& member : value.members()) {
      out += concat(separator, member.name, "=");
      append_shown(out, member.value);
      separator = ", ";
    }
    out += '}';
  } else {
    json::append(out, value);
  }
}

}  // namespace

Answer format(Arguments arguments, Entropy&) {
  if (!arguments[0].is_string())
    return std::string("Invalid arguments: the first argument must be a string");
  const std::string_view pattern = arguments[0].string();
  std::string text;
  size_t places = 0;
  for (size_t at = 0; at < pattern.size(); ++at) {
    if (pattern.substr(at, 2) == "{}") {
      if (++places < arguments.size()) append_shown(text, arguments[places]);
      ++at;
      continue;
    }
    if (pattern[at] == '\\' && at + 1 < pattern.size()) ++at;
    text += pattern[at];
  }
  if (places != arguments.size() - 1)
    return concat("The number of {} placeholders is ", places, " but the number of values is ",
                  arguments.size() - 1);
  return Value(text);
}

// Every character of the second text separates; nothing stands between two separators.
Answer string_split(Arguments arguments, Entropy&) {
  if (!arguments[0].is_string() || !arguments[1].is_string())
    return std::string("Invalid arguments: both arguments must be strings");
  std::string_view rest = arguments[0].string();
  std::bitset<256> separates;  // by byte
  for (const char separator : arguments[1].string())
    separates.set(static_cast<unsigned char>(separator));
  const auto is_separator = [&](char byte) {
    return separates.test(static_cast<unsigned char>(byte));
  };
  Value::Array pieces;
  while (!rest.empty()) {
    const auto end =
        static_cast<size_t>(std::find_if(rest.begin(), rest.end(), is_separator) - rest.begin());
    if (end > 0) pieces.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return Value(std::move(pieces));
}

}  // namespace pawl::asl::intrinsic
