#pragma once

#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "execution/event.h"

namespace pawl::execution {

// The values a record may refer to by number instead of writing them: those within reach of the
// frames it touches, and those it has written itself. Writer and reader number them in the same
// order, by their form alone: which values share a node is never asked for that, because after a
// replay fewer may.
class KnownValues {
 public:
  // Worth a number: an array, an object, or a text of some length.
  static bool is_worth(const json::Value& value);

  void add(const json::Value& value);
  // The value and every part of it that is as large as that.
  void add_with_parts(const json::Value& value, size_t part_bytes_min);
  // What the event, about to be written or read, brings into reach: the input of its frame, with
  // the members at its top, and what its type is sure to need.
  void reach(const Live& live, const Event& event);

  // Null where there is no such number.
  const json::Value* at(uint64_t number) const;
  std::optional<uint64_t> number_of(const json::Value& value) const;

 private:
  void add_with_members(const json::Value& value);

  // Held, so that no address is used twice while the record is made.
  std::vector<json::Value> values_;
  std::unordered_map<uintptr_t, uint64_t> by_identity_;
  std::unordered_map<std::string_view, uint64_t> by_text_;
  std::unordered_set<FrameId> reached_;
};

}  // namespace pawl::execution
