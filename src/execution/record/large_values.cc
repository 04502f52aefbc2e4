#include "execution/record/large_values.h"

#include <algorithm>
#include <cmath>

#include "json/parse.h"

namespace pawl::execution {

namespace {

class Walk {
 public:
  Walk(const KnownValues& known, size_t repeated_max) : known_(known), spare_(repeated_max) {}

  bool is_best_as_text(const json::Value& value) {
    switch (value.kind()) {
      case json::Kind::real:
        return std::isfinite(value.real());
      case json::Kind::string:
        return json::is_utf8(value.string()) && may_stand_here(value);
      case json::Kind::array:
        return may_stand_here(value) && are_best_as_text(value.elements());
      case json::Kind::object:
        return may_stand_here(value) && are_best_as_text(value.members());
      default:
        return true;
    }
  }

 private:
  bool is_best_as_text(const json::Value::Member& member) {
    return json::is_utf8(member.name) && is_best_as_text(member.value);
  }

  template <typename Parts>
  bool are_best_as_text(const Parts& parts) {
    for (const auto& part : parts)
      if (!is_best_as_text(part)) return false;
    return true;
  }

  // Counts what a reference would spare.
  bool may_stand_here(const json::Value& value) {
    if (!KnownValues::is_worth(value)) return true;
    if (!known_.number_of(value) && seen_.insert(value.identity()).second) return true;
    if (value.text_size() > spare_) return false;
    spare_ -= value.text_size();
    return true;
  }

  const KnownValues& known_;
  size_t spare_;
  std::unordered_set<uintptr_t> seen_;
};

}  // namespace

bool has_large_member(const json::Value& value) {
  if (!value.is_object()) return false;
  return std::ranges::any_of(value.members(), [](const json::Value::Member& member) {
    return member.value.text_size() >= large_bytes_min;
  });
}

bool is_best_as_text(const json::Value& value, const KnownValues& known) {
  if (value.depth() >= json::depth_max) return false;
  return Walk(known, value.text_size() / 8).is_best_as_text(value);
}

}  // namespace pawl::execution
