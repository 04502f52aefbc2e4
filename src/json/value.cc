#include "json/value.h"

#include <algorithm>
#include <atomic>
#include <unordered_map>

#include "base/check.h"

namespace pawl::json {

struct Value::Node {
  std::atomic<uint32_t> references{1};
  uint32_t depth = 0;
  size_t text_size = 0;

  // Beyond all that can be written it is only large.
  void weigh(size_t bytes) { text_size = std::min(text_size + bytes, size_t{1} << 60); }
  void hold(const Value& part) {
    depth = std::max(depth, static_cast<uint32_t>(part.depth() + 1));
    weigh(part.text_size() + 1);
  }
};

struct Value::Text : Node {
  std::string text;
};

struct Value::Elements : Node {
  Array elements;
};

// Small objects are searched in order; large ones have an index made once, when they are built.
struct Value::Members : Node {
  Object members;
  std::unordered_map<std::string_view, size_t> index;
};

namespace {

constexpr size_t members_before_index = 16;

// Keeps the last of the members that share a name, in the place of the first.
std::unordered_map<std::string_view, size_t> index_members(Value::Object& members) {
  std::unordered_map<std::string_view, size_t> index;
  index.reserve(members.size());
  size_t kept = 0;
  for (size_t at = 0; at < members.size(); ++at) {
    const auto found = index.find(members[at].name);
    if (found != index.end()) {
      members[found->second].value = std::move(members[at].value);
      continue;
    }
    if (kept != at) members[kept] = std::move(members[at]);
    index.emplace(members[kept].name, kept);
    ++kept;
  }
  members.resize(kept);
  return index;
}

void keep_last_of_each_name(Value::Object& members) {
  for (size_t at = 1; at < members.size();) {
    size_t earlier = 0;
    while (members[earlier].name != members[at].name) ++earlier;
    if (earlier == at) {
      ++at;
      continue;
    }
    members[earlier].value = std::move(members[at].value);
    members.erase(members.begin() + static_cast<ptrdiff_t>(at));
  }
}

}  // namespace

Value::Value(std::string_view text) : kind_(Kind::string) {
  auto* node = new Text;
  node->text = text;
  node->weigh(text.size() + 2);
  node_ = node;
}

Value::Value(Array elements) : kind_(Kind::array) {
  auto* node = new Elements;
  node->elements = std::move(elements);
  node->depth = 1;
  node->weigh(2);
  for (const auto& element : node->elements) node->hold(element);
  node_ = node;
}

Value::Value(Object members) : kind_(Kind::object) {
  auto* node = new Members;
  node->members = std::move(members);
  if (node->members.size() > members_before_index)
    node->index = index_members(node->members);
  else
    keep_last_of_each_name(node->members);
  node->depth = 1;
  node->weigh(2);
  for (const auto& member : node->members) {
    node->weigh(member.name.size() + 3);
    node->hold(member.value);
  }
  node_ = node;
}

Value::Value(const Value& other) noexcept : kind_(other.kind_) {
  integer_ = other.integer_;
  if (is_shared()) node_->references.fetch_add(1, std::memory_order_relaxed);
}

Value::Value(Value&& other) noexcept : kind_(other.kind_) {
  integer_ = other.integer_;
  other.kind_ = Kind::null;
  other.integer_ = 0;
}

Value& Value::operator=(Value other) noexcept {
  std::swap(kind_, other.kind_);
  std::swap(integer_, other.integer_);
  return *this;
}

Value::~Value() {
  if (!is_shared() || node_->references.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  switch (kind_) {
    case Kind::string:
      delete static_cast<Text*>(node_);
      break;
    case Kind::array:
      delete static_cast<Elements*>(node_);
      break;
    default:
      delete static_cast<Members*>(node_);
      break;
  }
}

bool Value::boolean() const {
  CHECK(is_boolean());
  return integer_ != 0;
}

int64_t Value::integer() const {
  CHECK(is_integer());
  return integer_;
}

double Value::real() const {
  CHECK(is_number());
  return kind_ == Kind::real ? real_ : static_cast<double>(integer_);
}

std::string_view Value::string() const {
  CHECK(is_string());
  return static_cast<const Text*>(node_)->text;
}

std::span<const Value> Value::elements() const {
  CHECK(is_array());
  return static_cast<const Elements*>(node_)->elements;
}

std::span<const Value::Member> Value::members() const {
  CHECK(is_object());
  return static_cast<const Members*>(node_)->members;
}

size_t Value::size() const {
  switch (kind_) {
    case Kind::string:
      return string().size();
    case Kind::array:
      return elements().size();
    case Kind::object:
      return members().size();
    default:
      return 0;
  }
}

size_t Value::depth() const { return is_shared() ? node_->depth : 0; }

size_t Value::text_size() const {
  constexpr size_t scalar_size = 8;
  return is_shared() ? node_->text_size : scalar_size;
}

const Value* Value::find(std::string_view name) const {
  if (!is_object()) return nullptr;
  const auto& node = *static_cast<const Members*>(node_);
  if (!node.index.empty()) {
    const auto found = node.index.find(name);
    return found == node.index.end() ? nullptr : &node.members[found->second].value;
  }
  for (const auto& member : node.members)
    if (member.name == name) return &member.value;
  return nullptr;
}

Value Value::operator[](std::string_view name) const {
  const Value* value = find(name);
  return value == nullptr ? Value() : *value;
}

std::optional<std::string> Value::string_at(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_string()) return std::nullopt;
  return std::string(value->string());
}

std::optional<int64_t> Value::integer_at(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_integer()) return std::nullopt;
  return value->integer();
}

std::optional<double> Value::number_at(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_number()) return std::nullopt;
  return value->real();
}

std::optional<bool> Value::boolean_at(std::string_view name) const {
  const Value* value = find(name);
  if (value == nullptr || !value->is_boolean()) return std::nullopt;
  return value->boolean();
}

Value Value::with(std::string_view name, Value value) const {
  Object copy(members().begin(), members().end());
  for (auto& member : copy) {
    if (member.name != name) continue;
    member.value = std::move(value);
    return copy;
  }
  copy.push_back({std::string(name), std::move(value)});
  return copy;
}

Value Value::without(std::string_view name) const {
  Object copy;
  copy.reserve(size());
  for (const auto& member : members())
    if (member.name != name) copy.push_back(member);
  return copy;
}

uintptr_t Value::identity() const { return is_shared() ? reinterpret_cast<uintptr_t>(node_) : 0; }

bool operator==(const Value& left, const Value& right) {
  if (left.is_number() && right.is_number()) {
    if (left.is_integer() && right.is_integer()) return left.integer_ == right.integer_;
    return left.real() == right.real();
  }
  if (left.kind_ != right.kind_) return false;
  if (left.is_shared() && left.node_ == right.node_) return true;
  switch (left.kind_) {
    case Kind::null:
      return true;
    case Kind::boolean:
      return left.integer_ == right.integer_;
    case Kind::string:
      return left.string() == right.string();
    case Kind::array: {
      const auto a = left.elements(), b = right.elements();
      return std::equal(a.begin(), a.end(), b.begin(), b.end());
    }
    default:
      break;
  }
  if (left.size() != right.size()) return false;
  for (const auto& member : left.members()) {
    const Value* other = right.find(member.name);
    if (other == nullptr || !(member.value == *other)) return false;
  }
  return true;
}

std::string_view name(Kind kind) {
  switch (kind) {
    case Kind::null:
      return "null";
    case Kind::boolean:
      return "boolean";
    case Kind::integer:
    case Kind::real:
      return "number";
    case Kind::string:
      return "string";
    case Kind::array:
      return "array";
    case Kind::object:
      return "object";
  }
  return "null";
}

}  // namespace pawl::json
