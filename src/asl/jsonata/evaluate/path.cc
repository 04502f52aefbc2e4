#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/value/elements.h"

namespace pawl::asl::jsonata {
namespace {

bool is_plain_name(const Node& step) { return step.kind == NodeKind::name && !step.extras; }

// Looks for a member where it was the last time, and notes where it is now.
template <typename Find>
auto member_of(const Node& name, Find find) {
  uint32_t place = name.member_place.last();
  const uint32_t last = place;
  auto member = find(name.value.string(), place);
  if (place != last) name.member_place.note(place);
  return member;
}

Item member_of(const Item& item, const Node& name) {
  return member_of(name, [&](auto text, auto& place) { return item.member(text, place); });
}

const json::Value* member_of(const json::Value& value, const Node& name) {
  return member_of(name, [&](auto text, auto& place) { return value.find(text, place); });
}

bool is_sequence(const Item& item) {
  const List* list = item.list();
  return list != nullptr && list->is_sequence;
}

// The answers of one step, for each element of its input. One that is an array melts into the
// others, unless it was written as one; alone in the last step it stays what it is.
class StepAnswers {
 public:
  StepAnswers(Heap& heap, size_t usual_count) : heap_(heap), usual_count_(usual_count) {}

  void add(Item answer) {
    if (answer.is_undefined()) return;
    ++count_;
    if (count_ == 1) {
      first_ = std::move(answer);
      return;
    }
    if (count_ == 2) {
      // What is reserved is not counted, so it must not be much.
      constexpr size_t reserved_max = 256;
      melted_ = make_sequence(heap_);
      melted_->reserve(std::min(usual_count_, reserved_max));
      melt(std::exchange(first_, Item()));
    }
    melt(std::move(answer));
  }

  Item finish(bool is_last) && {
    if (count_ == 1) {
      if (is_last && first_.is_array() && !is_sequence(first_)) return std::move(first_);
      melt(std::move(first_));
    }
    if (!melted_) melted_ = make_sequence(heap_);
    return std::move(melted_);
  }

 private:
  void melt(Item answer) {
    if (!melted_) melted_ = make_sequence(heap_);
    const List* list = answer.list();
    if (!answer.is_array() || (list != nullptr && list->is_constructed)) {
      melted_->push(std::move(answer));
      return;
    }
    const Elements elements(answer);
    for (size_t at = 0; at < elements.size(); ++at) melted_->push(elements[at]);
  }

  Heap& heap_;
  size_t usual_count_;
  size_t count_ = 0;
  Item first_;
  Ref<List> melted_;
};

using Steps = std::span<Node* const>;

// As many steps from the first on as are names without anything else to them.
Steps leading_names(Steps steps) {
  size_t count = 0;
  while (count < steps.size() && is_plain_name(*steps[count])) ++count;
  return steps.first(count);
}

// Members of members, for each element, without a sequence after every step; their order is the
// same. False, and nothing is lost, where an array stands in an array.
bool add_members(const json::Value& array, Steps names, StepAnswers& answers) {
  for (const json::Value& element : array.elements()) {
    if (element.is_array()) return false;
    const json::Value* value = &element;
    size_t at = 0;
    while (value != nullptr && at < names.size() && value->is_object())
      value = member_of(*value, *names[at++]);
    if (value == nullptr) continue;
    if (at == names.size())
      answers.add(Item::of(*value));
    else if (value->is_array() && !add_members(*value, names.subspan(at), answers))
      return false;
  }
  return true;
}

// A list made of one element; an array that was written as such is one, too.
Item in_sequence(Heap& heap, const Item& item) {
  auto sequence = make_sequence(heap);
  sequence->push(item);
  return sequence;
}

bool is_constructed(const Item& item) {
  const List* list = item.list();
  return list != nullptr && list->is_constructed;
}

}  // namespace

Answer Run::path(const Node& node, const Item& input, Frame* frame) {
  if (input.is_array() && node.parts[0]->kind != NodeKind::variable)
    return path_steps(node, 0, input, frame);
  // The usual case, members of members, needs no sequence until there is more than one value.
  const bool is_simple = !node.is_tuple && !node.has_group() && !node.keeps_singleton;
  Item item = input;
  size_t at = 0;
  if (is_simple && node.parts[0]->kind == NodeKind::variable && !node.parts[0]->extras) {
    item = TRY(variable(*node.parts[0], input, frame));
    if (item.is_array()) item = TRY(settle(*node.parts[0], item, frame));
    if (item.is_undefined()) return item;
    if (++at == node.parts.size() && !item.is_array()) return item;
    if (at == node.parts.size()) return path_steps(node, 0, in_sequence(heap_, input), frame);
  }
  while (is_simple && at < node.parts.size() && is_plain_name(*node.parts[at]) &&
         item.is_object()) {
    item = member_of(item, *node.parts[at]);
    if (item.is_undefined() || ++at == node.parts.size()) return item;
  }
  // What came from outside holds no array that does not melt.
  const Steps names = leading_names(Steps(node.parts).subspan(at));
  if (is_simple && at > 0 && item.is_array() && item.outside() != nullptr && names.size() > 1) {
    StepAnswers answers(heap_, item.size());
    if (add_members(*item.outside(), names, answers)) {
      TRY(count_steps(static_cast<int64_t>(item.size())));
      at += names.size();
      item = std::move(answers).finish(at == node.parts.size());
      const bool is_over = at == node.parts.size() || (item.is_array() && item.size() == 0);
      return is_over ? Answer(std::move(item)) : path_steps(node, at, std::move(item), frame);
    }
  }
  if (!item.is_array() || is_constructed(item) || at == 0) item = in_sequence(heap_, item);
  return path_steps(node, at, std::move(item), frame);
}

Answer Run::path_steps(const Node& node, size_t first, Item sequence, Frame* frame) {
  Item result, tuples;
  bool is_stream = false;
  for (size_t at = first; at < node.parts.size(); ++at) {
    const Node& step = *node.parts[at];
    const bool is_last = at + 1 == node.parts.size();
    is_stream |= step.is_tuple;
    if (at == 0 && step.is_constructed)
      result = TRY(evaluate(step, sequence, frame));
    else if (is_stream)
      tuples = TRY(tuple_step(step, sequence, tuples, frame));
    else
      result = TRY(plain_step(step, sequence, frame, is_last));
    if (!is_stream && (result.is_undefined() || (result.is_array() && result.size() == 0))) break;
    if (is_stream) continue;
    const bool needs_wrapper = !result.is_array();
    sequence = needs_wrapper ? in_sequence(heap_, result) : result;
  }
  if (is_stream && node.is_tuple) result = tuples;
  if (is_stream && !node.is_tuple) {
    auto values = make_sequence(heap_);
    for (size_t at = 0; at < tuples.size(); ++at) values->push(tuples.at(at).frame()->value);
    result = Item(std::move(values));
  }
  if (node.keeps_singleton) {
    if (is_constructed(result) && !is_sequence(result)) result = in_sequence(heap_, result);
    if (List* list = result.list()) list->keeps_singleton = true;
  }
  if (!node.has_group()) return result;
  return group(*node.extras->group, is_stream ? tuples : result, frame);
}

Answer Run::plain_step(const Node& step, const Item& input, Frame* frame, bool is_last) {
  if (step.kind == NodeKind::sort) {
    Item sorted = TRY(sort(step, input, frame));
    return run_stages(step, std::move(sorted), frame);
  }
  const bool is_name = is_plain_name(step);
  const Elements elements(input);
  const size_t size = elements.size();
  StepAnswers answers(heap_, size);
  for (size_t at = 0; at < size; ++at) {
    const Item element = elements[at];
    if (is_name && element.is_object()) {
      answers.add(member_of(element, step));
      continue;
    }
    Item answer = TRY(evaluate(step, element, frame));
    if (step.has_stages())
      for (const Stage& stage : step.extras->stages)
        answer = TRY(filter(*stage.filter, answer, frame));
    answers.add(std::move(answer));
  }
  TRY(count_steps(static_cast<int64_t>(size)));
  return std::move(answers).finish(is_last);
}

Answer Run::run_stages(const Node& step, Item input, Frame* frame) {
  if (!step.has_stages()) return input;
  for (const Stage& stage : step.extras->stages) {
    if (stage.filter != nullptr) {
      input = TRY(filter(*stage.filter, input, frame));
      continue;
    }
    for (size_t at = 0; input.is_array() && at < input.size(); ++at) {
      const Item tuple = input.at(at);
      if (tuple.is_tuple()) tuple.frame()->bind(stage.index_name, static_cast<double>(at));
    }
  }
  return input;
}

}  // namespace pawl::asl::jsonata
