#include "json/parse.h"

#include <simdjson.h>

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace pawl::json {
namespace {

namespace dom = simdjson::dom;

Value copy(const dom::element& element);

Value copy_array(const dom::array& array) {
  Value::Array elements;
  elements.reserve(array.size());
  for (const dom::element& element : array) elements.push_back(copy(element));
  return elements;
}

Value copy_object(const dom::object& object) {
  Value::Object members;
  members.reserve(object.size());
  for (const dom::key_value_pair& pair : object)
    members.push_back({std::string(pair.key), copy(pair.value)});
  return members;
}

Value copy(const dom::element& element) {
  switch (element.type()) {
    case dom::element_type::ARRAY:
      return copy_array(element.get_array().value_unsafe());
    case dom::element_type::OBJECT:
      return copy_object(element.get_object().value_unsafe());
    case dom::element_type::INT64:
      return element.get_int64().value_unsafe();
    case dom::element_type::UINT64:
      return static_cast<double>(element.get_uint64().value_unsafe());
    case dom::element_type::DOUBLE:
      return element.get_double().value_unsafe();
    case dom::element_type::STRING:
      return std::string_view(element.get_string().value_unsafe());
    case dom::element_type::BOOL:
      return element.get_bool().value_unsafe();
    case dom::element_type::NULL_VALUE:
      return Value();
  }
  return Value();
}

Error number_too_large(std::string_view number) {
  return Error(ErrorCode::limit_exceeded, concat("the number ", number, " is too large"),
               "Integers have 64 bits here, other numbers go to 1.8e308: write it as a text.");
}

// Behind the text that begins there.
size_t end_of_text(std::string_view json, size_t at) {
  for (++at; at < json.size() && json[at] != '"'; ++at)
    if (json[at] == '\\') ++at;
  return at + 1;
}

bool is_too_large(std::string_view number) {
  double value = 0;
  const auto [end, error] = std::from_chars(number.begin(), number.end(), value);
  if (number.empty() || end != number.end()) return false;  // it is none
  const bool is_integer = number.find_first_of(".eE") == number.npos;
  return is_integer ? !parse_integer(number) : error == std::errc::result_out_of_range;
}

// The first one, where there is one.
std::string_view number_too_large_in(std::string_view json) {
  for (size_t at = 0; at < json.size();) {
    if (json[at] == '"') {
      at = end_of_text(json, at);
      continue;
    }
    const size_t size = std::min(json.find_first_not_of("+-.0123456789Ee", at), json.size()) - at;
    if (is_too_large(json.substr(at, size))) return json.substr(at, size);
    at += std::max<size_t>(size, 1);
  }
  return {};
}

// Of a character that is whole and UTF-8: what its first byte has of it, and six bits of each
// other.
uint32_t code_point(std::string_view character) {
  uint32_t code = static_cast<unsigned char>(character[0]);
  if (character.size() > 1) code &= 0x7fu >> character.size();
  for (const char byte : character.substr(1)) code = code << 6 | (byte & 0x3f);
  return code;
}

std::string in_hex(uint32_t number) {
  char digits[8];
  return concat("0x", std::string(digits, std::to_chars(digits, digits + 8, number, 16).ptr));
}

Result<Value> parse_with(dom::parser& parser, std::string_view text) {
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    return Error(ErrorCode::invalid_argument, "the JSON text is empty");
  if (parser.allocate(text.size() | 1, depth_max) != simdjson::SUCCESS)
    return Error(ErrorCode::limit_exceeded,
                 concat("a JSON text of ", text.size(), " bytes is too large"));
  dom::element root;
  const auto code = parser.parse(text.data(), text.size()).get(root);
  if (code == simdjson::NUMBER_ERROR) {
    const std::string_view number = number_too_large_in(text);
    if (!number.empty()) return number_too_large(number);
  }
  if (code != simdjson::SUCCESS)
    return Error(ErrorCode::invalid_argument,
                 concat("not valid JSON: ", simdjson::error_message(code)));
  return copy(root);
}

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

std::string shown_character(std::string_view text, size_t at) {
  constexpr size_t size_max = 4;
  for (size_t size = 1; size <= std::min(size_max, text.size() - at); ++size) {
    const std::string_view character = text.substr(at, size);
    if (!is_utf8(character)) continue;
    const uint32_t code = code_point(character);
    return concat("'", character, "' (code ", code, size > 1 ? " / " + in_hex(code) : "", ")");
  }
  const uint32_t byte = static_cast<unsigned char>(text[at]);
  return concat("code ", byte, " / ", in_hex(byte));
}

Result<Value> parse(std::string_view text) {
  // A parser keeps its buffers, eleven bytes for each of the text; one for each thread avoids
  // allocating them for every request. One that has grown on a large text is let go again.
  constexpr size_t kept_capacity_max = 16 << 10;
  thread_local dom::parser parser;
  Result<Value> value = parse_with(parser, text);
  if (parser.capacity() > kept_capacity_max) parser = dom::parser();
  return value;
}

}  // namespace pawl::json
