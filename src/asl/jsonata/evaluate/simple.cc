#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/text/number_text.h"

// The kinds of node that need a few lines each.

namespace pawl::asl::jsonata {
namespace {

void flatten(const Item& array, List& into) {
  for (size_t at = 0; at < array.size(); ++at) {
    const Item element = array.at(at);
    if (element.is_array())
      flatten(element, into);
    else
      into.push(element);
  }
}

void descend(const Item& item, List& into) {
  if (item.is_array()) {
    for (size_t at = 0; at < item.size(); ++at) descend(item.at(at), into);
    return;
  }
  into.push(item);
  if (!item.is_object()) return;
  for (size_t at = 0; at < item.size(); ++at) descend(item.value_at(at), into);
}

}  // namespace

Answer Run::variable(const Node& node, const Item& input, Frame* frame) {
  if (node.is_context) {
    const List* list = input.list();
    return list != nullptr && list->is_outer_wrapper ? input.at(0) : input;
  }
  if (node.may_be_bound)
    for (Frame* at = frame; at != nullptr; at = at->parent.get())
      if (const Item* found = at->find(node.id)) return *found;
  if (node.id < globals_.size() && !globals_[node.id].is_absent()) return globals_[node.id];
  return node.library == nullptr ? Item() : Item::of(*node.library);
}

Answer Run::wildcard(const Item& input) {
  auto found = make_sequence(heap_);
  const List* list = input.list();
  const bool is_wrapped = list != nullptr && list->is_outer_wrapper && list->size() > 0;
  const Item item = is_wrapped ? input.at(0) : input;
  if (item.is_array()) {
    flatten(item, *found);
  } else if (item.is_object()) {
    for (size_t at = 0; at < item.size(); ++at) {
      const Item value = item.value_at(at);
      if (value.is_array())
        flatten(value, *found);
      else
        found->push(value);
    }
  }
  return found;
}

Answer Run::descendants(const Item& input) {
  if (input.is_undefined()) return Item();
  auto found = make_sequence(heap_);
  descend(input, *found);
  if (found->size() == 1) return found->at(0);
  return found;
}

Answer Run::array(const Node& node, const Item& input, Frame* frame) {
  auto list = make_list(heap_);
  for (const Node* part : node.parts) {
    Item value = TRY(evaluate(*part, input, frame));
    if (value.is_undefined()) continue;
    if (part->kind == NodeKind::array || !value.is_array()) {
      list->push(std::move(value));
      continue;
    }
    List* own = value.list();
    if (node.parts.size() == 1 && own != nullptr && own->is_range && own->references == 1) {
      own->is_sequence = false;
      list = Ref<List>(own);
      continue;
    }
    TRY(may_take(value.size() * sizeof(Item)));
    list->reserve(list->size() + value.size());
    for (size_t at = 0; at < value.size(); ++at) list->push(value.at(at));
  }
  list->is_constructed = node.is_constructed;
  return list;
}

Answer Run::block(const Node& node, const Item& input, Frame* frame) {
  const Ref<Frame> inner(node.needs_frame ? heap_.make<Frame>(frame) : frame);
  Item value;
  for (const Node* part : node.parts) value = TRY(evaluate(*part, input, inner.get()));
  return value;
}

Answer Run::condition(const Node& node, const Item& input, Frame* frame) {
  const Item decision = TRY(evaluate(*node.left, input, frame));
  if (TRY(holds(decision))) return evaluate(*node.right, input, frame);
  return node.third == nullptr ? Answer(Item()) : evaluate(*node.third, input, frame);
}

Answer Run::fallback(const Node& node, const Item& input, Frame* frame) {
  Item value = TRY(evaluate(*node.left, input, frame));
  const bool is_good =
      node.operation == Operation::if_exists ? !value.is_undefined() : TRY(holds(value));
  if (is_good) return value;
  return evaluate(*node.right, input, frame);
}

Answer Run::negate(const Node& node, const Item& input, Frame* frame) {
  const Item value = TRY(evaluate(*node.left, input, frame));
  if (value.is_undefined()) return Item();
  if (!value.is_number() || std::isnan(value.number()))
    return fail(Fault("D1002").at(node.position).token("-").with("value", shown(value)));
  if (std::isinf(value.number()))
    return fail(Fault("D1001").at(node.position).with("value", number_text(value.number())));
  return -value.number();
}

}  // namespace pawl::asl::jsonata
