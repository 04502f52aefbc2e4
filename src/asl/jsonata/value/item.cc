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

Item Item::of(const std::string& name) {
  Item item(Kind::string);
  item.source_ = Source::name;
  item.name_ = &name;
  return item;
}

Item Item::of(const LibraryRow& row) {
  Item item(Kind::function);
  item.source_ = Source::row;
  item.row_ = &row;
  return item;
}

bool Item::is_same(const Item& other) const {
  if (is_number() && other.is_number()) {
    if (kind_ == Kind::whole && other.kind_ == Kind::whole) return whole_ == other.whole_;
    return number() == other.number();
  }
  if (kind_ != other.kind_) return false;
  switch (kind_) {
    case Kind::boolean:
      return boolean_ == other.boolean_;
    case Kind::string:
      return text() == other.text();
    case Kind::array:
    case Kind::object:
      if (source_ == Source::value && other.source_ == Source::value)
        return value_->identity() == other.value_->identity();
      return source_ == other.source_ && bits_ == other.bits_;
    case Kind::function:
    case Kind::tuple:
      return bits_ == other.bits_;
    default:
      return true;
  }
}

json::Value Item::to_json() const {
  switch (kind_) {
    case Kind::boolean:
      return boolean_;
    case Kind::number:
      return number_to_json(number_);
    case Kind::whole:
      return whole_;
    case Kind::string:
      // Literals may hold half a character: it begins with this byte.
      if (source_ == Source::value && text().find('\xED') == std::string_view::npos) return *value_;
      return json::Value(well_formed(text()));
    case Kind::function:
      return "";
    case Kind::array:
    case Kind::object:
      break;
    default:
      return nullptr;
  }
  if (source_ == Source::value) return *value_;
  if (kind_ == Kind::array) {
    json::Value::Array elements;
    elements.reserve(size());
    for (size_t index = 0; index < size(); ++index) elements.push_back(at(index).to_json());
    return elements;
  }
  json::Value::Object members;
  members.reserve(size());
  for (const auto& member : record()->members)
    members.push_back({well_formed(member.key.text()), member.value.to_json()});
  return members;
}

}  // namespace pawl::asl::jsonata
