#pragma once

#include <atomic>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"

namespace pawl::json {

enum class Kind : uint8_t { null, boolean, integer, real, string, array, object };

// A JSON value: immutable and shared. A copy costs a reference count, so an input of 5 MB goes
// through ten states without being copied. Safe to read from any thread.
//
// Numbers are 64-bit integers where the text was one that fits, doubles otherwise; 1 and 1.0 are
// equal but are written as they were read. Objects keep the order of their members; where a text
// names a member twice, the last one counts.
class Value {
 public:
  struct Member;
  using Array = std::vector<Value>;
  using Object = std::vector<Member>;

  Value() : kind_(Kind::null) { integer_ = 0; }
  Value(std::nullptr_t) : Value() {}
  template <typename Boolean>
  requires std::is_same_v<Boolean, bool> Value(Boolean value) : kind_(Kind::boolean) {
    integer_ = value;
  }
  template <typename Integer>
  requires(std::is_integral_v<Integer> && !std::is_same_v<Integer, bool> &&
           !std::is_same_v<Integer, char>) Value(Integer value)
      : kind_(Kind::integer) {
    integer_ = static_cast<int64_t>(value);
  }
  Value(double value) : kind_(Kind::real) { real_ = value; }
  Value(std::string_view text);
  Value(const std::string& text) : Value(std::string_view(text)) {}
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(Array elements);
  // Later members of the same name replace earlier ones, in the earlier one's place.
  Value(Object members);

  static Value array(std::initializer_list<Value> elements = {}) { return Array(elements); }
  static Value object(std::initializer_list<Member> members = {});

  // Not inline: GCC 12 would see uninitialised values in each std::variant around them.
  Value(const Value& other) noexcept;
  Value(Value&& other) noexcept;
  Value& operator=(Value other) noexcept;
  ~Value() {
    if (is_shared()) release();
  }

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_number() const { return kind_ == Kind::integer || kind_ == Kind::real; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }

  // REQUIRES: the value is of that kind. `real` takes integers too.
  bool boolean() const;
  int64_t integer() const;
  double real() const;
  std::string_view string() const;
  std::span<const Value> elements() const;
  std::span<const Member> members() const;

  // Elements of an array, members of an object, bytes of a string, 0 otherwise.
  size_t size() const;

  // Arrays and objects within each other: 0 for what is neither. And about how many bytes the value
  // has as text. Both are known without a walk: a value that shares its parts may be small in
  // memory and too large to be written.
  size_t depth() const;
  size_t text_size() const;

  // The member of that name, or null (the pointer) where there is none or this is no object. The
  // pointer lives as long as this value or a copy of it.
  const Value* find(std::string_view name) const;
  // The same, for whoever asks objects of one shape after another: `place` is where it was found
  // the last time, and is where it is now. Begin with 0.
  const Value* find(std::string_view name, uint32_t& place) const;
  // The member of that name, or a null value.
  Value operator[](std::string_view name) const;

  // For reading requests and documents: the member where it is there and of that kind.
  std::optional<std::string> string_at(std::string_view name) const;
  std::optional<int64_t> integer_at(std::string_view name) const;
  std::optional<double> number_at(std::string_view name) const;
  std::optional<bool> boolean_at(std::string_view name) const;

  // A copy with one member set (in its place, or last) or left out. REQUIRES: an object.
  Value with(std::string_view name, Value value) const;
  Value without(std::string_view name) const;
  // With all of these set, in one go. REQUIRES: an object.
  Value merged(std::span<const Member> members) const;

  // Which shared node this is: equal for copies of one value, zero for null, booleans, numbers.
  uintptr_t identity() const;

  // Deep equality; members in any order; 1 equals 1.0.
  friend bool operator==(const Value& left, const Value& right);

 private:
  struct Node;
  struct Text;
  struct Elements;
  struct Members;

  static constexpr uint32_t nowhere = UINT32_MAX;

  bool is_shared() const { return kind_ >= Kind::string; }
  uint32_t place_of(std::string_view name) const;  // REQUIRES: an object.
  void release() noexcept;
  void destroy() noexcept;

  Kind kind_;
  union {
    int64_t integer_;
    double real_;
    Node* node_;
  };
};

struct Value::Member {
  std::string name;
  Value value;
};

inline Value Value::object(std::initializer_list<Member> members) { return Object(members); }

std::string_view name(Kind kind);

}  // namespace pawl::json

#include "json/value_access.h"  // IWYU pragma: export
