#include "json/parse.h"

#include <simdjson.h>

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

}  // namespace

bool is_utf8(std::string_view text) { return simdjson::validate_utf8(text.data(), text.size()); }

Result<Value> parse(std::string_view text) {
  // A parser keeps its buffers; one for each thread avoids allocating them for every request. One
  // that has grown on a large text is let go again.
  constexpr size_t kept_capacity_max = 1 << 20;
  thread_local dom::parser parser;
  if (text.find_first_not_of(" \t\r\n") == text.npos)
    return Error(ErrorCode::invalid_argument, "the JSON text is empty");
  if (parser.allocate(text.size() | 1, depth_max) != simdjson::SUCCESS)
    return Error(ErrorCode::limit_exceeded,
                 concat("a JSON text of ", text.size(), " bytes is too large"));
  dom::element root;
  const auto code = parser.parse(text.data(), text.size()).get(root);
  if (code != simdjson::SUCCESS)
    return Error(ErrorCode::invalid_argument,
                 concat("not valid JSON: ", simdjson::error_message(code)));
  Value value = copy(root);
  if (parser.capacity() > kept_capacity_max) parser = dom::parser();
  return value;
}

}  // namespace pawl::json
