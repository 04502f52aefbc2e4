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
  Item(double number) : kind_(Kind::number) { number_ = number; }
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

  Item(const Item& other) : kind_(other.kind_), source_(other.source_) {
    bits_ = other.bits_;
    if (source_ == Source::cell) retain(cell_);
  }
  Item(Item&& other) noexcept : kind_(other.kind_), source_(other.source_) {
    bits_ = other.bits_;
    other.kind_ = Kind::undefined;
    other.source_ = Source::none;
  }
  Item& operator=(Item other) noexcept {
    std::swap(kind_, other.kind_);
    std::swap(source_, other.source_);
    std::swap(bits_, other.bits_);
    return *this;
  }
  ~Item() {
    if (source_ == Source::cell) release(cell_);
  }

  Kind kind() const { return kind_; }
  bool is_undefined() const { return kind_ == Kind::undefined; }
  bool is_absent() const { return kind_ == Kind::absent; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_number() const { return kind_ == Kind::number || kind_ == Kind::whole; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_function() const { return kind_ == Kind::function; }
  bool is_tuple() const { return kind_ == Kind::tuple; }

  // REQUIRES for each: an item of that kind.
  bool is_true() const { return boolean_; }
  double number() const { return kind_ == Kind::number ? number_ : static_cast<double>(whole_); }
  std::string_view text() const;
  // Of an array, or members of an object.
  size_t size() const;
  Item at(size_t index) const;
  const json::Value* outside() const { return source_ == Source::value ? value_ : nullptr; }
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
  explicit Item(Kind kind) : kind_(kind) {}
  Item(Kind kind, Cell* cell) : kind_(kind), source_(Source::cell) {
    cell_ = cell;
    retain(cell_);
  }

  Kind kind_ = Kind::undefined;
  Source source_ = Source::none;
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

inline Item Item::of(const json::Value& value) {
  constexpr int64_t exact_max = int64_t{1} << 53;
  Item item;
  switch (value.kind()) {
    case json::Kind::null:
      return null();
    case json::Kind::boolean:
      return boolean(value.boolean());
    case json::Kind::real:
      return Item(value.real());
    case json::Kind::integer:
      if (value.integer() >= -exact_max && value.integer() <= exact_max) return Item(value.real());
      item.kind_ = Kind::whole;
      item.whole_ = value.integer();
      return item;
    case json::Kind::string:
      item.kind_ = Kind::string;
      break;
    case json::Kind::array:
      item.kind_ = Kind::array;
      break;
    case json::Kind::object:
      item.kind_ = Kind::object;
      break;
  }
  item.source_ = Source::value;
  item.value_ = &value;
  return item;
}

}  // namespace pawl::asl::jsonata
