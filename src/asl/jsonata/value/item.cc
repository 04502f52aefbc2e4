#include "asl/jsonata/value/item.h"

#include <cmath>

#include "asl/jsonata/text/utf8.h"
#include "asl/jsonata/value/cells.h"
#include "asl/jsonata/value/function.h"

namespace pawl::asl::jsonata {
namespace {

// Whole numbers are integers in JSON as far as they fit; what is no number at all has no form.
json::Value number_to_json(double number) {
  constexpr double integer_end = 9223372036854775808.0;
  if (!std::isfinite(number)) return nullptr;
  if (number == std::trunc(number) && std::abs(number) < integer_end)
    return static_cast<int64_t>(number);
  return number;
}

}  // namespace

bool Item::is_same(const Item& other) const {
  if (is_number() && other.is_number()) {
    if (kind() == Kind::whole && other.kind() == Kind::whole) return whole_ == other.whole_;
    return number() == other.number();
  }
  if (kind() != other.kind()) return false;
  switch (kind()) {
    case Kind::boolean:
      return boolean_ == other.boolean_;
    case Kind::string:
      return text() == other.text();
    case Kind::array:
    case Kind::object:
      if (source() == Source::value && other.source() == Source::value)
        return value_->identity() == other.value_->identity();
      return source() == other.source() && bits_ == other.bits_;
    case Kind::function:
    case Kind::tuple:
      return bits_ == other.bits_;
    default:
      return true;
  }
}

json::Value Item::to_json() const {
  switch (kind()) {
    case Kind::boolean:
      return boolean_;
    case Kind::number:
      return number_to_json(number_);
    case Kind::whole:
      return whole_;
    case Kind::string:
      // Literals may hold half a character: it begins with this byte.
      if (source() == Source::value && text().find('\xED') == std::string_view::npos)
        return *value_;
      return is_ascii(text()) ? json::Value(text()) : json::Value(well_formed(text()));
    case Kind::function:
      return "";
    case Kind::array:
    case Kind::object:
      break;
    default:
      return nullptr;
  }
  if (source() == Source::value) return *value_;
  if (kind() == Kind::array) {
    json::Value::Array elements;
    elements.reserve(size());
    if (list()->is_range)
      for (size_t index = 0; index < size(); ++index) elements.push_back(at(index).to_json());
    for (const Item& item : list()->items) elements.push_back(item.to_json());
    return elements;
  }
  json::Value::Object members(size());
  auto member = members.begin();
  for (const auto& [key, value] : record()->members) {
    if (key.source() == Source::name)
      member->name = *key.name_;
    else
      member->name = well_formed(key.text());
    member++->value = value.to_json();
  }
  return members;
}

}  // namespace pawl::asl::jsonata
