#include "asl/jsonata/value/item.h"

#include <cmath>

#include "asl/jsonata/text/utf8.h"
#include "asl/jsonata/value/cells.h"
#include "asl/jsonata/value/function.h"

namespace pawl::asl::jsonata {
namespace {

constexpr size_t text_bytes_of_item = 64;

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

Item::Item(Ref<Text> text) : Item(Kind::string, text.get()) {}
Item::Item(Ref<List> list) : Item(Kind::array, list.get()) {}
Item::Item(Ref<Record> record) : Item(Kind::object, record.get()) {}
Item::Item(Ref<Function> function) : Item(Kind::function, function.get()) {}
Item Item::tuple(Frame* frame) { return Item(Kind::tuple, frame); }

std::string_view Item::text() const {
  if (source_ == Source::cell) return static_cast<const Text*>(cell_)->text;
  return source_ == Source::name ? std::string_view(*name_) : value_->string();
}

size_t Item::size() const {
  if (source_ == Source::value) return value_->size();
  if (kind_ == Kind::array) return static_cast<const List*>(cell_)->size();
  return static_cast<const Record*>(cell_)->members.size();
}

Item Item::at(size_t index) const {
  if (source_ == Source::value) return of(value_->elements()[index]);
  return static_cast<const List*>(cell_)->at(index);
}

Item Item::member(std::string_view name) const {
  if (kind_ != Kind::object) return Item();
  if (source_ == Source::value) {
    const json::Value* found = value_->find(name);
    return found == nullptr ? Item() : of(*found);
  }
  const Item* found = static_cast<const Record*>(cell_)->find(name);
  return found == nullptr ? Item() : *found;
}

Item Item::key_at(size_t index) const {
  if (source_ == Source::value) return of(value_->members()[index].name);
  return static_cast<const Record*>(cell_)->members[index].key;
}

Item Item::value_at(size_t index) const {
  if (source_ == Source::value) return of(value_->members()[index].value);
  return static_cast<const Record*>(cell_)->members[index].value;
}

List* Item::list() const {
  return kind_ == Kind::array && source_ == Source::cell ? static_cast<List*>(cell_) : nullptr;
}

Record* Item::record() const {
  return kind_ == Kind::object && source_ == Source::cell ? static_cast<Record*>(cell_) : nullptr;
}

Function* Item::function() const {
  return kind_ == Kind::function && source_ == Source::cell ? static_cast<Function*>(cell_)
                                                            : nullptr;
}

Frame* Item::frame() const { return static_cast<Frame*>(cell_); }

const LibraryRow* Item::library() const {
  return kind_ == Kind::function && source_ == Source::row ? row_ : nullptr;
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

uint32_t Item::depth() const {
  if (kind_ != Kind::array && kind_ != Kind::object) return 0;
  return source_ == Source::cell ? cell_->depth : static_cast<uint32_t>(value_->depth());
}

uint64_t Item::unfolded() const {
  if (kind_ == Kind::string) return 1 + text().size() / text_bytes_of_item;
  if (kind_ != Kind::array && kind_ != Kind::object) return 1;
  return source_ == Source::cell ? 1 + size() + cell_->unfolded
                                 : 1 + value_->text_size() / text_bytes_of_item;
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
