#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/jsonata/value/heap.h"
#include "json/value.h"

namespace pawl::asl::jsonata {

struct Text;
struct List;
struct Record;
struct Function;
struct Frame;
struct LibraryRow;

// A value while an expression is evaluated: JSON, nothing at all, or a function. What comes from
// outside (input, bindings, literals) is only pointed at and must outlive the evaluation; what is
// made on the way is a counted cell. 16 bytes, cheap to copy.
class Item {
 public:
  enum class Kind : uint8_t {
    undefined,
    null,
    boolean,
    number,
    whole,  // an integer from outside that a double cannot hold
    string,
    array,
    object,
    function,
    tuple,   // within a tuple stream only
    absent,  // no value was ever given: neither a value nor `undefined`
  };

  Item() = default;
  Item(double number) : Item(Kind::number) { number_ = number; }
  static Item null() { return Item(Kind::null); }
  static Item absent() { return Item(Kind::absent); }
  static Item boolean(bool is_true) {
    Item item(Kind::boolean);
    item.boolean_ = is_true;
    return item;
  }
  // Point at what lives elsewhere.
  static Item of(const json::Value& value);
  static Item of(const json::Value&&) = delete;
  static Item of(const std::string& name);
  static Item of(const std::string&&) = delete;
  static Item of(const LibraryRow& row);
  Item(Ref<Text> text);
  Item(Ref<List> list);
  Item(Ref<Record> record);
  Item(Ref<Function> function);
  static Item tuple(Frame* frame);

  Item(const Item& other) : tag_(other.tag_) {
    bits_ = other.bits_;
    if (source() == Source::cell) retain(cell_);
  }
  Item(Item&& other) noexcept : tag_(std::exchange(other.tag_, 0)) { bits_ = other.bits_; }
  // What was there before goes when `other` goes.
  Item& operator=(Item&& other) noexcept {
    std::swap(tag_, other.tag_);
    std::swap(bits_, other.bits_);
    return *this;
  }
  Item& operator=(const Item& other) { return *this = Item(other); }
  ~Item() {
    if (source() == Source::cell) release(cell_);
  }

  Kind kind() const { return static_cast<Kind>(tag_ & kind_mask); }
  bool is_undefined() const { return kind() == Kind::undefined; }
  bool is_absent() const { return kind() == Kind::absent; }
  bool is_null() const { return kind() == Kind::null; }
  bool is_boolean() const { return kind() == Kind::boolean; }
  bool is_number() const { return kind() == Kind::number || kind() == Kind::whole; }
  bool is_string() const { return kind() == Kind::string; }
  bool is_array() const { return kind() == Kind::array; }
  bool is_object() const { return kind() == Kind::object; }
  bool is_function() const { return kind() == Kind::function; }
  bool is_tuple() const { return kind() == Kind::tuple; }

  // REQUIRES for each: an item of that kind.
  bool is_true() const { return boolean_; }
  double number() const { return kind() == Kind::number ? number_ : static_cast<double>(whole_); }
  std::string_view text() const;
  // Of an array, or members of an object.
  size_t size() const;
  Item at(size_t index) const;
  const json::Value* outside() const { return source() == Source::value ? value_ : nullptr; }
  Item member(std::string_view name) const;  // undefined where there is none; any kind may be asked
  // … and where it was found the last time, and is now.
  Item member(std::string_view name, uint32_t& place) const;
  Item key_at(size_t index) const;
  Item value_at(size_t index) const;

  // The cell where the evaluation made it, or null where it came from outside.
  List* list() const;
  Record* record() const;
  Function* function() const;
  Frame* frame() const;               // of a tuple
  const LibraryRow* library() const;  // of a function that is one of the library

  // Whether both are one and the same: equal scalars, or the same array, object or function.
  bool is_same(const Item& other) const;
  uint32_t depth() const;
  // Items when written out; a long text counts as several.
  uint64_t unfolded() const;

  // As JSON: what has no value is null, what is a function is an empty text.
  json::Value to_json() const;

 private:
  enum class Source : uint8_t { none, cell, value, name, row };
  explicit Item(Kind kind, Source source = Source::none)
      : tag_(static_cast<uint32_t>(kind) | static_cast<uint32_t>(source) << source_shift) {}
  Item(Kind kind, Cell* cell) : Item(kind, Source::cell) {
    cell_ = cell;
    retain(cell_);
  }
  static Item pointing_at(const json::Value& value, Kind kind) {
    Item item(kind, Source::value);
    item.value_ = &value;
    return item;
  }
  Source source() const { return static_cast<Source>(tag_ >> source_shift); }

  // Kind and source in one word: a processor waits where what is read at once was written in parts.
  static constexpr uint32_t source_shift = 8, kind_mask = 0xFF;
  uint32_t tag_ = 0;
  union {
    uint64_t bits_ = 0;
    bool boolean_;
    double number_;
    int64_t whole_;
    Cell* cell_;
    const json::Value* value_;
    const std::string* name_;
    const LibraryRow* row_;
  };
};

inline Item Item::of(const std::string& name) {
  Item item(Kind::string, Source::name);
  item.name_ = &name;
  return item;
}

inline Item Item::of(const LibraryRow& row) {
  Item item(Kind::function, Source::row);
  item.row_ = &row;
  return item;
}

inline Item Item::of(const json::Value& value) {
  constexpr int64_t exact_max = int64_t{1} << 53;
  switch (value.kind()) {
    case json::Kind::null:
      return null();
    case json::Kind::boolean:
      return boolean(value.boolean());
    case json::Kind::real:
      return Item(value.real());
    case json::Kind::integer: {
      if (value.integer() >= -exact_max && value.integer() <= exact_max) return Item(value.real());
      Item item(Kind::whole);
      item.whole_ = value.integer();
      return item;
    }
    case json::Kind::string:
      return pointing_at(value, Kind::string);
    case json::Kind::array:
      return pointing_at(value, Kind::array);
    case json::Kind::object:
      return pointing_at(value, Kind::object);
  }
  return Item();
}

}  // namespace pawl::asl::jsonata
