#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"

// Tuple streams: where a path binds names on its way (@, #, or the steps that a % needs), each
// value goes along with what was bound for it. A tuple is the frame in which the next step is
// evaluated.

namespace pawl::asl::jsonata {
namespace {

Ref<List> make_stream(Heap& heap) {
  auto stream = make_sequence(heap);
  stream->is_tuple_stream = true;
  return stream;
}

Ref<Frame> make_tuple(Heap& heap, Frame* frame, Item value) {
  Ref<Frame> tuple(heap.make<Frame>(frame));
  tuple->value = std::move(value);
  return tuple;
}

}  // namespace

Answer Run::tuple_step(const Node& step, const Item& input, const Item& tuples, Frame* frame) {
  if (step.kind == NodeKind::sort) return tuples_of_sort(step, input, tuples, frame);
  auto stream = make_stream(heap_);
  const Item& source = tuples.is_undefined() ? input : tuples;
  for (size_t at = 0; at < source.size(); ++at) {
    Item tuple = source.at(at);
    if (!tuple.is_tuple()) tuple = Item::tuple(make_tuple(heap_, frame, tuple).get());
    TRY(grow_tuples(step, tuple, *stream, frame));
  }
  return run_stages(step, std::move(stream), frame);
}

// One tuple for each value that the step has for this one.
Result<bool, Failed> Run::grow_tuples(const Node& step, const Item& tuple, List& into,
                                      Frame* frame) {
  const Item& context = tuple.frame()->value;
  const Item found = TRY(evaluate(step, context, tuple.frame()));
  if (found.is_undefined()) return true;
  const List* list = found.list();
  const bool is_stream = list != nullptr && list->is_tuple_stream;
  const size_t size = found.is_array() ? found.size() : 1;
  for (size_t at = 0; at < size; ++at) {
    const Item value = found.is_array() ? found.at(at) : found;
    auto next = make_tuple(heap_, frame, Item());
    next->copy_bindings(*tuple.frame());
    if (is_stream) {
      next->copy_bindings(*value.frame());
      next->value = value.frame()->value;
      into.push(Item::tuple(next.get()));
      continue;
    }
    const Extras* extras = step.extras.get();
    const bool has_focus = extras != nullptr && extras->focus;
    next->value = has_focus ? context : value;
    if (has_focus) next->bind(*extras->focus, value);
    if (extras != nullptr && extras->index) next->bind(*extras->index, static_cast<double>(at));
    if (extras != nullptr && extras->ancestor != nullptr)
      next->bind(extras->ancestor->label, context);
    into.push(Item::tuple(next.get()));
  }
  return true;
}

Answer Run::tuples_of_sort(const Node& step, const Item& input, const Item& tuples, Frame* frame) {
  const Item sorted = TRY(sort(step, tuples.is_undefined() ? input : tuples, frame));
  auto stream = make_stream(heap_);
  for (size_t at = 0; at < sorted.size(); ++at) {
    Item tuple = sorted.at(at);
    if (!tuple.is_tuple()) {
      tuple = Item::tuple(make_tuple(heap_, frame, tuple).get());
      if (step.extras->index) tuple.frame()->bind(*step.extras->index, static_cast<double>(at));
    }
    stream->push(std::move(tuple));
  }
  return run_stages(step, std::move(stream), frame);
}

}  // namespace pawl::asl::jsonata
