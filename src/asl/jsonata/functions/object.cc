#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/value/clone.h"

namespace pawl::asl::jsonata {
namespace {

void collect_keys(Heap& heap, const Item& item, Record& seen) {
  if (item.is_array())
    for (size_t at = 0; at < item.size(); ++at) collect_keys(heap, item.at(at), seen);
  if (item.is_object())
    for (size_t at = 0; at < item.size(); ++at) seen.set(item.key_at(at), Item::null());
}

Answer keys(Call& call) {
  auto names = make_sequence(call.heap());
  const auto seen = make_record(call.heap());
  if (call[0].is_array()) TRY(call.run.count_steps(static_cast<int64_t>(call[0].unfolded())));
  collect_keys(call.heap(), call[0], *seen);
  for (const auto& member : seen->members) names->push(member.key);
  return names;
}

Answer lookup(Call& call) {
  if (!call.has(1)) return Item();
  return look_up(call.heap(), call[0], call[1].text());
}

void spread_into(Heap& heap, const Item& item, List& into) {
  if (item.is_array()) {
    for (size_t at = 0; at < item.size(); ++at) spread_into(heap, item.at(at), into);
  } else if (item.is_object()) {
    for (size_t at = 0; at < item.size(); ++at) {
      auto object = make_record(heap);
      object->set(item.key_at(at), item.value_at(at));
      into.push(std::move(object));
    }
  } else if (!item.is_undefined()) {
    into.push(item);
  }
}

Answer spread(Call& call) {
  if (!call[0].is_array() && !call[0].is_object()) return call[0];
  auto objects = make_sequence(call.heap());
  spread_into(call.heap(), call[0], *objects);
  return objects;
}

Answer merge(Call& call) {
  if (!call.has(0)) return Item();
  auto merged = make_record(call.heap());
  for (size_t at = 0; at < call[0].size(); ++at) {
    const Item object = call[0].at(at);
    if (!object.is_object()) continue;
    TRY(call.run.count_steps(static_cast<int64_t>(object.size())));
    for (size_t index = 0; index < object.size(); ++index)
      merged->set(object.key_at(index), object.value_at(index));
  }
  return merged;
}

Answer clone_value(Call& call) { return clone(call.heap(), call[0]); }

}  // namespace

std::span<const FunctionRow> object_functions() {
  static constexpr FunctionRow rows[] = {
      {"keys", "<x-:a<s>>", 1, keys},         {"lookup", "<x-s:x>", 2, lookup},
      {"spread", "<x-:a<o>>", 1, spread},     {"merge", "<a<o>:o>", 1, merge},
      {"clone", "<(oa)-:o>", 1, clone_value},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
