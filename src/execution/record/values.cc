#include "execution/record/values.h"

#include <bit>

#include "execution/record/large_values.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::execution {

namespace {

enum Tag : uint8_t {
  tag_null,
  tag_false,
  tag_true,
  tag_integer,
  tag_real,
  tag_string,
  tag_array,
  tag_object,
  tag_reference,
  tag_patch,
  tag_json,
  tag_near = 0x80,
};

constexpr size_t depth_max = 4096;
// So deep within a value its parts may be written as texts of their own; further down the looking
// would cost more than it saves.
constexpr int json_level_max = 3;

// As a reader would tell them apart, who must get the very value: 0.0 and -0.0 are two.
bool is_same(const json::Value& left, const json::Value& right) {
  if (left.kind() != right.kind()) return false;
  switch (left.kind()) {
    case json::Kind::null:
      return true;
    case json::Kind::boolean:
      return left.boolean() == right.boolean();
    case json::Kind::integer:
      return left.integer() == right.integer();
    case json::Kind::real:
      return std::bit_cast<uint64_t>(left.real()) == std::bit_cast<uint64_t>(right.real());
    default:
      return left.identity() == right.identity();
  }
}

// How many members differ, where `value` is `base` with members set or added behind; nothing where
// it is not.
std::optional<size_t> changes(const json::Value& value, const json::Value& base) {
  if (!value.is_object() || !base.is_object() || base.size() == 0 || value.size() < base.size())
    return std::nullopt;
  const auto members = value.members(), old = base.members();
  size_t count = members.size() - old.size();
  for (size_t i = 0; i < old.size(); ++i) {
    if (members[i].name != old[i].name) return std::nullopt;
    if (!is_same(members[i].value, old[i].value)) ++count;
  }
  if (count > old.size() / 2) return std::nullopt;
  return count;
}

class ValueWriter {
 public:
  ValueWriter(ByteWriter& out, KnownValues& known) : out_(out), known_(known) {}

  void write(const json::Value& value, const json::Value& base, int level = 0) {
    if (!KnownValues::is_worth(value)) return write_new(value, base, level);
    if (const auto number = known_.number_of(value)) return refer(*number);
    if (is_json(value, base, level)) return write_json(value);
    write_new(value, base, level);
    known_.add(value);
  }

 private:
  void refer(uint64_t number) {
    if (number < 0x80) return out_.byte(static_cast<uint8_t>(tag_near | number));
    out_.byte(tag_reference);
    out_.number(number);
  }

  // The large members of an object rather than the object: what is large is often the same while
  // the name of an execution or a request beside it is not.
  bool is_json(const json::Value& value, const json::Value& base, int level) const {
    if (level > json_level_max || value.text_size() < large_bytes_min) return false;
    if (level < json_level_max && has_large_member(value)) return false;
    return !changes(value, base) && is_best_as_text(value, known_);
  }

  void write_json(const json::Value& value) {
    out_.byte(tag_json);
    out_.large_text(json::write(value));
    known_.add_with_parts(value, large_bytes_min);
  }

  void write_new(const json::Value& value, const json::Value& base, int level) {
    switch (value.kind()) {
      case json::Kind::null:
        return out_.byte(tag_null);
      case json::Kind::boolean:
        return out_.byte(value.boolean() ? tag_true : tag_false);
      case json::Kind::integer:
        out_.byte(tag_integer);
        return out_.integer(value.integer());
      case json::Kind::real:
        out_.byte(tag_real);
        return out_.real(value.real());
      case json::Kind::string:
        out_.byte(tag_string);
        return out_.text(value.string());
      case json::Kind::array:
        out_.byte(tag_array);
        out_.number(value.size());
        for (const auto& element : value.elements()) write(element, {}, level + 1);
        return;
      case json::Kind::object:
        return write_object(value, base, level);
    }
  }

  void write_object(const json::Value& value, const json::Value& base, int level) {
    const auto members = value.members();
    if (const auto count = changes(value, base)) return write_patch(value, base, *count, level);
    out_.byte(tag_object);
    out_.number(members.size());
    for (const auto& member : members) {
      write(member.name, {}, level + 1);
      write(member.value, {}, level + 1);
    }
  }

  void write_patch(const json::Value& value, const json::Value& base, size_t count, int level) {
    const auto members = value.members(), old = base.members();
    out_.byte(tag_patch);
    out_.number(count);
    for (size_t i = 0; i < members.size(); ++i) {
      if (i < old.size() && is_same(members[i].value, old[i].value)) continue;
      out_.number(i);
      if (i >= old.size()) write(members[i].name, {}, level + 1);
      write(members[i].value, i < old.size() ? old[i].value : json::Value(), level + 1);
    }
  }

  ByteWriter& out_;
  KnownValues& known_;
};

class ValueReader {
 public:
  ValueReader(ByteReader& in, KnownValues& known) : in_(in), known_(known) {}

  json::Value read(const json::Value& base, size_t depth) {
    const uint8_t tag = in_.byte();
    if (in_.is_broken()) return {};
    if (tag >= tag_near) return referred(tag & 0x7fU);
    if (tag == tag_reference) return referred(in_.number());
    if (tag == tag_json) return read_json();
    json::Value value = read_new(tag, base, depth);
    if (!in_.is_broken()) known_.add(value);
    return value;
  }

 private:
  json::Value broken() {
    in_.fail();
    return {};
  }

  json::Value referred(uint64_t number) {
    const json::Value* value = known_.at(number);
    return value == nullptr ? broken() : *value;
  }

  json::Value read_json() {
    auto value = json::parse(in_.text());
    if (!value.has_value()) return broken();
    known_.add_with_parts(*value, large_bytes_min);
    return *std::move(value);
  }

  json::Value read_new(uint8_t tag, const json::Value& base, size_t depth) {
    if (depth >= depth_max) return broken();
    switch (tag) {
      case tag_null:
        return nullptr;
      case tag_false:
        return false;
      case tag_true:
        return true;
      case tag_integer:
        return in_.integer();
      case tag_real:
        return in_.real();
      case tag_string:
        return in_.text();
      case tag_array:
        return read_array(depth + 1);
      case tag_object:
        return read_object(depth + 1);
      case tag_patch:
        return read_patch(base, depth + 1);
      default:
        return broken();
    }
  }

  std::string read_name(size_t depth) {
    const json::Value name = read({}, depth);
    if (!name.is_string()) {
      in_.fail();
      return {};
    }
    return std::string(name.string());
  }

  json::Value read_array(size_t depth) {
    json::Value::Array elements;
    for (size_t left = in_.count(); left > 0 && !in_.is_broken(); --left)
      elements.push_back(read({}, depth));
    return elements;
  }

  json::Value read_object(size_t depth) {
    json::Value::Object members;
    for (size_t left = in_.count(); left > 0 && !in_.is_broken(); --left) {
      std::string name = read_name(depth);
      members.push_back({std::move(name), read({}, depth)});
    }
    return members;
  }

  json::Value read_patch(const json::Value& base, size_t depth) {
    if (!base.is_object()) return broken();
    const auto old = base.members();
    json::Value::Object members(old.begin(), old.end());
    for (size_t left = in_.count(); left > 0 && !in_.is_broken(); --left) {
      const uint64_t position = in_.number();
      if (position > members.size()) return broken();
      if (position < old.size()) {
        members[position].value = read(old[position].value, depth);
        continue;
      }
      std::string name = read_name(depth);
      members.push_back({std::move(name), read({}, depth)});
    }
    return members;
  }

  ByteReader& in_;
  KnownValues& known_;
};

}  // namespace

void write_value(ByteWriter& out, KnownValues& known, const json::Value& value,
                 const json::Value& base) {
  ValueWriter(out, known).write(value, base);
}

json::Value read_value(ByteReader& in, KnownValues& known, const json::Value& base) {
  return ValueReader(in, known).read(base, 0);
}

}  // namespace pawl::execution
