#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"

namespace pawl::asl::jsonata {
namespace {

Answer evaluate(Call& call) {
  if (!call.has(0)) return Item();
  if (!call.has(1)) return call.run.evaluate_text(call[0].text(), call.input, call.frame);
  Item focus = call[1];
  const List* list = focus.list();
  if (focus.is_array() && (list == nullptr || !list->is_sequence)) {
    auto wrapper = make_sequence(call.heap());
    wrapper->is_outer_wrapper = true;
    wrapper->push(focus);
    focus = Item(std::move(wrapper));
  }
  return call.run.evaluate_text(call[0].text(), focus, call.frame);
}

}  // namespace

std::span<const FunctionRow> evaluation_functions() {
  static constexpr FunctionRow rows[] = {{"eval", "<sx?:x>", 2, evaluate}};
  return rows;
}

}  // namespace pawl::asl::jsonata
