#include "asl/jsonata/evaluate/clone.h"
#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"

namespace pawl::asl::jsonata {

Item clone(Heap& heap, const Item& item) {
  if (item.is_function()) return make_text(heap, "");
  if (item.is_array()) {
    auto list = make_list(heap);
    list->reserve(item.size());
    for (size_t at = 0; at < item.size(); ++at) {
      Item element = clone(heap, item.at(at));
      list->push(element.is_undefined() ? Item::null() : std::move(element));
    }
    return list;
  }
  if (!item.is_object()) return item;
  auto record = make_record(heap);
  constexpr size_t usual_additions = 2;
  record->reserve(item.size() + usual_additions);
  for (size_t at = 0; at < item.size(); ++at) {
    Item value = clone(heap, item.value_at(at));
    if (!value.is_undefined()) record->append(item.key_at(at), std::move(value));
  }
  return record;
}

// |pattern|update, delete|: changes a copy.
Answer Run::apply_transform(const Function& function, const Item& object, Frame*) {
  const Node& node = *function.node;
  if (object.is_undefined()) return Item();
  if (!object.is_object() && !object.is_array()) return fail(Fault("T0410").with_index(1));
  Node clone_name;
  clone_name.id = names_.id_of("clone");
  clone_name.value = json::Value("clone");
  const Item override = TRY(variable(clone_name, Item(), function.frame.get()));
  if (!override.is_undefined() && !override.is_function())
    return fail(Fault("T2013").at(node.position));
  Item copy = override.is_undefined() ? clone(heap_, object) : TRY(apply(override, {object}));
  if (!override.is_undefined()) copy = clone(heap_, copy);
  const Item matches = TRY(evaluate(*node.left, copy, function.frame.get()));
  if (!matches.is_array()) {
    TRY(update_match(node, matches, function.frame.get()));
    return copy;
  }
  for (size_t at = 0; at < matches.size(); ++at)
    TRY(update_match(node, matches.at(at), function.frame.get()));
  return copy;
}

Result<bool, Failed> Run::update_match(const Node& node, const Item& match, Frame* frame) {
  if (match.is_undefined()) return true;
  Record* record = match.record();
  const Item update = TRY(evaluate(*node.right, match, frame));
  if (!update.is_undefined()) {
    if (!update.is_object())
      return fail(Fault("T2011").at(node.right->position).with("value", shown(update)));
    // A copy, as the update may hold what it goes into.
    const Item values = clone(heap_, update);
    for (size_t at = 0; record != nullptr && at < values.size(); ++at)
      record->set(values.key_at(at), values.value_at(at));
  }
  if (node.third == nullptr) return true;
  const Item deletion = TRY(evaluate(*node.third, match, frame));
  if (deletion.is_undefined()) return true;
  if (!deletion.is_string() && !(deletion.is_array() && are_texts(deletion)))
    return fail(Fault("T2012").at(node.third->position).with("value", shown(deletion)));
  if (record == nullptr) return true;
  if (deletion.is_string()) record->erase(deletion.text());
  for (size_t at = 0; deletion.is_array() && at < deletion.size(); ++at)
    record->erase(deletion.at(at).text());
  return true;
}

}  // namespace pawl::asl::jsonata
