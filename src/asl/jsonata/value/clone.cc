#include "asl/jsonata/value/clone.h"

#include "asl/jsonata/value/cells.h"

namespace pawl::asl::jsonata {
namespace {

Item clone_part(Heap& heap, const Item& part) {
  return part.outside() != nullptr ? part : clone(heap, part);
}

void append_parts(Record& copy, const Item& object) {
  if (const json::Value* outside = object.outside()) {
    for (const auto& [name, value] : outside->members())
      copy.append(Item::of(name), Item::of(value));
    return;
  }
  for (size_t at = 0; at < object.size(); ++at) {
    Item value = clone_part(copy.heap, object.value_at(at));
    if (!value.is_undefined()) copy.append(object.key_at(at), std::move(value));
  }
}

Item clone_array(Heap& heap, const Item& array) {
  auto copy = make_list(heap);
  copy->is_copied_late = true;
  copy->reserve(array.size());
  for (size_t at = 0; at < array.size(); ++at) {
    Item element = clone_part(heap, array.at(at));
    copy->push(element.is_undefined() ? Item::null() : std::move(element));
  }
  return copy;
}

Item clone_object(Heap& heap, const Item& object) {
  auto copy = make_record(heap);
  copy->is_copied_late = true;
  constexpr size_t usual_additions = 2;
  copy->reserve(object.size() + usual_additions);
  append_parts(*copy, object);
  return copy;
}

}  // namespace

Item clone(Heap& heap, const Item& item) {
  if (item.is_function()) return make_text(heap, "");
  if (item.is_array()) return clone_array(heap, item);
  return item.is_object() ? clone_object(heap, item) : item;
}

}  // namespace pawl::asl::jsonata
