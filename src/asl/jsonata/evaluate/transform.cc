#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/value/clone.h"

namespace pawl::asl::jsonata {

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
    // A copy where the update may hold what it goes into.
    const Item values = update.depth() > 1 ? clone(heap_, update) : update;
    for (size_t at = 0; record != nullptr && at < values.size(); ++at)
      record->set(values.key_at(at), clone(heap_, values.value_at(at)));
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
