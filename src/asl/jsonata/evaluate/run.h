#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "asl/jsonata/evaluate/answer.h"
#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/fault.h"
#include "asl/jsonata/picture/date_picture.h"
#include "asl/jsonata/regex/regex.h"
#include "asl/jsonata/tree/names.h"
#include "asl/jsonata/tree/node.h"
#include "asl/jsonata/value/arguments.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// One evaluation: what is bound from outside, what is made on the way, how far it may go.
class Run {
 public:
  struct World {
    const json::Value* input;  // null where there is none
    const Bindings& bindings;
    const Facts& facts;
    const Limits& limits;
    Dialect dialect;
  };
  Run(const World& world, const Names& names);
  ~Run();

  Answer evaluate_root(const Node& root);
  // A node within a frame; sequences of one element have become that element.
  Answer evaluate(const Node& node, const Item& input, Frame* frame) {
    if (node.extras) return evaluate_nested(node, input, frame);
    switch (node.kind) {
      case NodeKind::literal:
        return Item::of(node.value);
      case NodeKind::variable:
        return settle_array(node, variable(node, input, frame), frame);
      case NodeKind::path:
        return settle_array(node, path(node, input, frame), frame);
      default:
        return evaluate_nested(node, input, frame);
    }
  }
  // Calls a function; the answer may still be a sequence.
  Answer apply(const Item& function, Arguments&& arguments, const Item& input, Frame* frame);
  Answer apply(const Item& function, Arguments&& arguments) {
    return apply(function, std::move(arguments), Item::null(), globals_frame_.get());
  }
  Answer evaluate_text(std::string_view source, const Item& input, Frame* frame);

  // Remembers the fault, unless there is one already.
  Failed fail(Fault fault);
  Fault& fault() { return *fault_; }
  // A step of the evaluation; fails where a limit is reached.
  Result<bool, Failed> count_steps(int64_t count = 1) {
    steps_ += count;
    if (steps_ < next_look_ && !heap_.is_over()) return true;
    return look_at_limits();
  }
  Result<bool, Failed> count_text(const Item& item) {
    return item.is_string() ? count_steps(static_cast<int64_t>(item.text().size() / bytes_of_step))
                            : true;
  }
  // Before something large is made.
  Result<bool, Failed> may_take(size_t bytes);
  // At the end: the last look at the limits.
  Result<bool, Failed> finish_steps() { return look_at_limits(); }
  int64_t steps() const {
    return steps_ + static_cast<int64_t>(heap_.bytes_ever() / bytes_of_step);
  }
  int64_t steps_left() const { return world_.limits.steps_max - steps(); }
  // Whether a value counts as true. Arrays are looked into.
  Result<bool, Failed> holds(const Item& item) {
    int64_t looked_at = 0;
    const bool is_so = is_true(item, looked_at);
    if (looked_at > 0) TRY(count_steps(looked_at));
    return is_so;
  }
  Result<bool, Failed> are_equal(const Item& left, const Item& right) {
    int64_t looked_at = 0;
    TRY(count_steps());  // What is too large to be walked ends here.
    const bool is_so = is_equal(left, right, looked_at);
    TRY(count_steps(looked_at));
    return is_so;
  }

  Heap& heap() { return heap_; }
  const Facts& facts() const { return world_.facts; }
  uint64_t random();
  // Keeps a value that items point at until the end.
  Item keep(json::Value value);
  // A picture of dates, analysed once for all the dates that are written or read by it.
  Result<const DatePicture*, Fault> date_picture(std::string_view text);
  Regex::Notes& regex_notes() { return regex_notes_; }
  Item text(std::string_view content) { return make_text(heap_, content); }

 private:
  static constexpr size_t bytes_of_step = 64;

  Result<bool, Failed> look_at_limits();
  Answer evaluate_nested(const Node& node, const Item& input, Frame* frame);
  Answer evaluate_kind(const Node& node, const Item& input, Frame* frame);
  Answer settle(const Node& node, Item item, Frame* frame);
  Answer settle_array(const Node& node, Answer&& answer, Frame* frame) {
    return answer.is_array() ? settle(node, std::move(answer).value(), frame) : std::move(answer);
  }

  Answer path(const Node& node, const Item& input, Frame* frame);
  Answer path_steps(const Node& node, size_t first, Item sequence, Frame* frame);
  Answer plain_step(const Node& step, const Item& input, Frame* frame, bool is_last);
  Answer tuple_step(const Node& step, const Item& input, const Item& tuples, Frame* frame);
  Answer tuples_of_sort(const Node& step, const Item& input, const Item& tuples, Frame* frame);
  Result<bool, Failed> grow_tuples(const Node& step, const Item& tuple, List& into, Frame* frame);
  Answer run_stages(const Node& step, Item input, Frame* frame);
  Answer filter(const Node& predicate, const Item& input, Frame* frame);

  // The library's function, where nothing else can be bound to that name.
  const LibraryRow* unbound_library(const Node& name) const {
    const bool is_plain = name.library != nullptr && !name.may_be_bound && !name.extras;
    const bool is_bound = name.id < globals_.size() && !globals_[name.id].is_absent();
    return is_plain && !is_bound ? name.library : nullptr;
  }
  Answer variable(const Node& node, const Item& input, Frame* frame);
  Answer wildcard(const Item& input);
  Answer descendants(const Item& input);
  Answer array(const Node& node, const Item& input, Frame* frame);
  Answer block(const Node& node, const Item& input, Frame* frame);
  Answer condition(const Node& node, const Item& input, Frame* frame);
  Answer fallback(const Node& node, const Item& input, Frame* frame);
  Answer binary(const Node& node, const Item& input, Frame* frame);
  Answer equality(Operation operation, const Item& left, const Item& right);
  Answer membership(const Item& left, const Item& right);
  Answer logic(const Node& node, const Item& left, const Item& input, Frame* frame);
  Answer negate(const Node& node, const Item& input, Frame* frame);
  Answer group(const Group& group, const Item& input, Frame* frame);
  Answer sort(const Node& node, const Item& input, Frame* frame);
  Answer make_lambda(const Node& node, const Item& input, Frame* frame);
  Answer make_matcher(const Node& node);
  Answer partial(const Node& node, const Item& input, Frame* frame);
  Answer call(const Node& node, const Item& input, Frame* frame, const Item* context);
  Answer chain(const Node& node, const Item& input, Frame* frame);

  Answer procedure(const Node& node, const Item& input, Frame* frame, std::string_view code);
  Answer apply_library(const LibraryRow& row, Arguments&& arguments, const Item& input,
                       Frame* frame);
  Answer apply_lambda(Ref<Function> function, Arguments&& arguments, const Item& input);
  // What is called in tail position, where it is a function of the expression.
  struct TailCall {
    Ref<Function> function;
    Arguments arguments;
    const Item& input;
  };
  Answer body(const Function& function, Ref<Frame> frame, TailCall& tail);
  Answer tail_call(const Node& node, const Item& input, Frame* frame, TailCall& tail);
  Answer apply_matcher(const Function& function, const Arguments& arguments);
  Answer apply_transform(const Function& function, const Item& object, Frame* frame);
  Result<bool, Failed> update_match(const Node& node, const Item& match, Frame* frame);
  Result<bool, Failed> fit(const class Signature& signature, Arguments& arguments,
                           const Item& context);

  World world_;
  Heap heap_;
  Names names_;
  std::vector<Item> globals_;  // by name; absent where nothing is bound
  Ref<Frame> globals_frame_;
  std::deque<json::Value> kept_;
  std::map<std::string, DatePicture, std::less<>> date_pictures_;
  Regex::Notes regex_notes_;
  std::deque<Tree> evaluated_;  // the trees of $eval
  std::optional<Fault> fault_;
  uint64_t entropy_;
  int64_t steps_ = 0;
  int64_t next_look_ = 0;
  int64_t nesting_ = 0;
  int64_t calls_ = 0;
  const char* stack_begin_;
};

}  // namespace pawl::asl::jsonata
