#pragma once

#include "json/value.h"

namespace pawl::json {

// How a value lies in memory, and what is asked of it most. Included by value.h, and by nobody
// else.

struct Value::Node {
  std::atomic<uint32_t> references{1};
  uint32_t depth = 0;
  size_t text_size = 0;

  void weigh(size_t bytes);
  void hold(const Value& part);
};

// The characters stand right behind it, in the same piece of memory.
struct Value::Text : Node {
  size_t size;
  const char* characters() const { return reinterpret_cast<const char*>(this + 1); }
};

struct Value::Elements : Node {
  Array elements;
};

// Small objects are searched in order; large ones have an index made once, when they are built.
struct Value::Members : Node {
  struct Index;
  Members();
  ~Members();
  Object members;
  std::unique_ptr<const Index> index;
};

inline void Value::release() noexcept {
  if (node_->references.fetch_sub(1, std::memory_order_acq_rel) == 1) destroy();
}

inline bool Value::boolean() const {
  CHECK(is_boolean());
  return integer_ != 0;
}

inline int64_t Value::integer() const {
  CHECK(is_integer());
  return integer_;
}

inline double Value::real() const {
  CHECK(is_number());
  return kind_ == Kind::real ? real_ : static_cast<double>(integer_);
}

inline std::string_view Value::string() const {
  CHECK(is_string());
  const auto* node = static_cast<const Text*>(node_);
  return {node->characters(), node->size};
}

inline std::span<const Value> Value::elements() const {
  CHECK(is_array());
  return static_cast<const Elements*>(node_)->elements;
}

inline std::span<const Value::Member> Value::members() const {
  CHECK(is_object());
  return static_cast<const Members*>(node_)->members;
}

inline size_t Value::depth() const { return is_shared() ? node_->depth : 0; }

// Whether the first and the last so many bytes are the same. REQUIRES: there are as many.
template <typename Word>
bool have_equal_ends(std::string_view left, std::string_view right) {
  const size_t last = left.size() - sizeof(Word);
  Word ends[4];
  std::memcpy(&ends[0], left.data(), sizeof(Word));
  std::memcpy(&ends[1], right.data(), sizeof(Word));
  std::memcpy(&ends[2], left.data() + last, sizeof(Word));
  std::memcpy(&ends[3], right.data() + last, sizeof(Word));
  return ends[0] == ends[1] && ends[2] == ends[3];
}

// Names are short, and looked at most of all: a few words of them are compared without a call.
inline bool is_same_name(std::string_view left, std::string_view right) {
  const size_t size = left.size();
  if (size != right.size()) return false;
  if (size > 2 * sizeof(uint64_t)) return left == right;
  if (size >= sizeof(uint64_t)) return have_equal_ends<uint64_t>(left, right);
  if (size >= sizeof(uint32_t)) return have_equal_ends<uint32_t>(left, right);
  if (size >= sizeof(uint16_t)) return have_equal_ends<uint16_t>(left, right);
  return size == 0 || left[0] == right[0];
}

inline const Value* Value::find(std::string_view name, uint32_t& place) const {
  if (!is_object()) return nullptr;
  const auto& members = static_cast<const Members*>(node_)->members;
  if (place < members.size() && is_same_name(members[place].name, name))
    return &members[place].value;
  const uint32_t found = place_of(name);
  if (found == nowhere) return nullptr;
  place = found;
  return &members[found].value;
}

}  // namespace pawl::json
