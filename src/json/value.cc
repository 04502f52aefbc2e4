#include "json/value.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "base/check.h"

namespace pawl::json {

// Beyond all that can be written it is only large.
void Value::Node::weigh(size_t bytes) { text_size = std::min(text_size + bytes, size_t{1} << 60); }

void Value::Node::hold(const Value& part) {
  depth = std::max(depth, static_cast<uint32_t>(part.depth() + 1));
  weigh(part.text_size() + 1);
}

namespace {

constexpr size_t members_before_index = 16;

using Places = std::unordered_map<std::string_view, uint32_t>;

// Keeps the last of the members that share a name, in the place of the first.
Places index_members(Value::Object& members) {
  Places places;
  places.reserve(members.size());
  uint32_t kept = 0;
  for (size_t at = 0; at < members.size(); ++at) {
    const auto found = places.find(members[at].name);
    if (found != places.end()) {
      members[found->second].value = std::move(members[at].value);
      continue;
    }
    if (kept != at) members[kept] = std::move(members[at]);
    places.emplace(members[kept].name, kept);
    ++kept;
  }
  members.resize(kept);
  return places;
}

// A quick look first: names that differ in size or ends differ.
bool may_share_names(const Value::Object& members) {
  uint64_t seen = 0;
  for (const auto& [name, value] : members) {
    const size_t ends = name.empty() ? 0
                                     : static_cast<unsigned char>(name.front()) * 7u +
                                           static_cast<unsigned char>(name.back()) * 31u;
    const uint64_t bit = uint64_t{1} << ((ends + name.size() * 5) % 64);
    if ((seen & bit) != 0) return true;
    seen |= bit;
  }
  return false;
}

void keep_last_of_each_name(Value::Object& members) {
  if (!may_share_names(members)) return;
  for (size_t at = 1; at < members.size();) {
    size_t earlier = 0;
    while (!is_same_name(members[earlier].name, members[at].name)) ++earlier;
    if (earlier == at) {
      ++at;
      continue;
    }
    members[earlier].value = std::move(members[at].value);
    members.erase(members.begin() + static_cast<ptrdiff_t>(at));
  }
}

}  // namespace

struct Value::Members::Index {
  Places places;
};

Value::Members::Members() = default;
Value::Members::~Members() = default;

Value::Value(std::string_view text) : kind_(Kind::string) {
  auto* node = new (::operator new(sizeof(Text) + text.size())) Text;
  node->size = text.size();
  std::copy(text.begin(), text.end(), reinterpret_cast<char*>(node + 1));
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
    node->index =
        std::make_unique<const Members::Index>(Members::Index{index_members(node->members)});
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

void Value::destroy() noexcept {
  switch (kind_) {
    case Kind::string:
      static_cast<Text*>(node_)->~Text();
      ::operator delete(node_);
      break;
    case Kind::array:
      delete static_cast<Elements*>(node_);
      break;
    default:
      delete static_cast<Members*>(node_);
      break;
  }
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

size_t Value::text_size() const {
  constexpr size_t scalar_size = 8;
  return is_shared() ? node_->text_size : scalar_size;
}

uint32_t Value::place_of(std::string_view name) const {
  const auto& node = *static_cast<const Members*>(node_);
  if (node.index) {
    const auto found = node.index->places.find(name);
    return found == node.index->places.end() ? nowhere : found->second;
  }
  const auto count = static_cast<uint32_t>(node.members.size());
  for (uint32_t at = 0; at < count; ++at)
    if (is_same_name(node.members[at].name, name)) return at;
  return nowhere;
}

const Value* Value::find(std::string_view name) const {
  uint32_t place = 0;
  return find(name, place);
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

Value Value::merged(std::span<const Member> more) const {
  Object all(members().begin(), members().end());
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

Value Value::without(std::string_view name) const {
  Object copy;
  copy.reserve(size());
  for (const auto& member : members())
    if (member.name != name) copy.push_back(member);
  return copy;
}

uintptr_t Value::identity() const { return is_shared() ? reinterpret_cast<uintptr_t>(node_) : 0; }

namespace {

// What shares its parts may be small in memory and endless when it is walked, so pairs that have
// been found equal are not walked again. One pair that differs ends it all.
class Comparison {
 public:
  bool are_equal(const Value& left, const Value& right) {
    if (left.is_number() && right.is_number()) {
      if (left.is_integer() && right.is_integer()) return left.integer() == right.integer();
      return left.real() == right.real();
    }
    if (left.kind() != right.kind()) return false;
    switch (left.kind()) {
      case Kind::null:
        return true;
      case Kind::boolean:
        return left.boolean() == right.boolean();
      case Kind::string:
        return left.string() == right.string();
      default:
        return left.identity() == right.identity() || are_equal_wholes(left, right);
    }
  }

 private:
  // Below this size it is quicker to walk them.
  static constexpr size_t remembered_size_min = 256;
  using Pair = std::pair<uintptr_t, uintptr_t>;

  bool are_equal_wholes(const Value& left, const Value& right) {
    if (left.size() != right.size() || left.depth() != right.depth()) return false;
    const bool is_remembered = left.text_size() >= remembered_size_min;
    const Pair pair{left.identity(), right.identity()};
    if (is_remembered && equal_.count(pair) > 0) return true;
    const bool is_equal =
        left.is_array() ? have_equal_elements(left, right) : have_equal_members(left, right);
    if (is_equal && is_remembered) equal_.insert(pair);
    return is_equal;
  }

  bool have_equal_elements(const Value& left, const Value& right) {
    const auto ours = left.elements(), theirs = right.elements();
    for (size_t at = 0; at < ours.size(); ++at)
      if (!are_equal(ours[at], theirs[at])) return false;
    return true;
  }

  bool have_equal_members(const Value& left, const Value& right) {
    uint32_t place = 0;
    for (const auto& [name, value] : left.members()) {
      const Value* other = right.find(name, place);
      if (other == nullptr || !are_equal(value, *other)) return false;
      ++place;
    }
    return true;
  }

  std::set<Pair> equal_;
};

}  // namespace

bool operator==(const Value& left, const Value& right) {
  return Comparison().are_equal(left, right);
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
