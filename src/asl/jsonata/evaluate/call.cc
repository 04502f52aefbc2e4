#include "asl/jsonata/functions/call.h"

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/signature.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

// What a call is called in messages: the variable, or the name that was meant to be one.
std::string_view called_name(const Node& procedure) {
  const Node& node = procedure.kind == NodeKind::path ? *procedure.parts[0] : procedure;
  return node.value.is_string() ? node.value.string() : std::string_view();
}

bool is_bare(const Node& node) { return !node.extras && !node.keeps_array; }

}  // namespace

// What is called. Where it is nothing, but a variable has that name, the error says so.
Answer Run::procedure(const Node& node, const Item& input, Frame* frame, std::string_view code) {
  const Node& called = *node.left;
  if (const LibraryRow* row = unbound_library(called)) return Item::of(*row);
  if (called.kind == NodeKind::variable && called.library != nullptr && !called.extras) {
    Item function = TRY(variable(called, input, frame));
    if (function.is_function()) return function;
  }
  Item function = TRY(evaluate(*node.left, input, frame));
  if (!function.is_undefined() || node.left->kind != NodeKind::path) return function;
  Node variable_node;
  variable_node.value = json::Value(called_name(*node.left));
  variable_node.id = names_.id_of(called_name(*node.left));
  variable_node.library = find_library(called_name(*node.left), world_.dialect);
  const Item meant = TRY(variable(variable_node, input, frame));
  if (!meant.is_function() && !TRY(holds(meant))) return function;
  return fail(Fault(code).at(node.position).token(called_name(*node.left)));
}

Answer Run::call(const Node& node, const Item& input, Frame* frame, const Item* context) {
  const Item function = TRY(procedure(node, input, frame, "T1005"));
  Arguments arguments;
  if (context != nullptr) arguments.push_back(*context);
  for (const Node* part : node.parts) arguments.push_back(TRY(evaluate(*part, input, frame)));
  auto answer = apply(function, std::move(arguments), input, frame);
  if (answer.has_value()) return answer;
  fault_->settle_position(node.position);
  fault_->settle_token(called_name(*node.left));
  return answer;
}

Answer Run::chain(const Node& node, const Item& input, Frame* frame) {
  const Item left = TRY(evaluate(*node.left, input, frame));
  if (node.right->kind == NodeKind::call) {
    const Item result = TRY(call(*node.right, input, frame, &left));
    return settle(*node.right, result, frame);
  }
  const Item function = TRY(evaluate(*node.right, input, frame));
  if (!function.is_function())
    return fail(Fault("T2006").at(node.position).with("value", shown(function)));
  if (!left.is_function()) return apply(function, {left}, Item::null(), frame);
  Ref<Function> both(heap_.make<Function>(Function::Kind::chain));
  both->parts = {left, function};
  return both;
}

Result<bool, Failed> Run::fit(const Signature& signature, Arguments& arguments,
                              const Item& context) {
  auto fault = signature.fit(arguments, context, heap_);
  if (fault) return fail(*std::move(fault));
  return true;
}

Answer Run::apply_library(const LibraryRow& row, Arguments&& arguments, const Item& input,
                          Frame* frame) {
  for (const Item& argument : arguments) TRY(count_text(argument));
  TRY(fit(row.parsed, arguments, input));
  while (arguments.size() < row.parameters) arguments.push_back(Item());
  Call call{*this, arguments, input, frame};
  auto answer = row.function(call);
  if (!answer.has_value()) fault_->settle_token(row.name);
  return answer;
}

Answer Run::apply(const Item& function, Arguments&& arguments, const Item& input, Frame* frame) {
  if (const LibraryRow* row = function.library())
    return apply_library(*row, std::move(arguments), input, frame);
  Function* made = function.function();
  if (made == nullptr) return fail(Fault("T1006"));
  switch (made->kind) {
    case Function::Kind::lambda:
      return apply_lambda(Ref<Function>(made), std::move(arguments), input);
    case Function::Kind::chain: {
      const Item first = TRY(apply(made->parts[0], std::move(arguments), Item::null(), frame));
      return apply(made->parts[1], {first}, Item::null(), frame);
    }
    case Function::Kind::partial: {
      size_t next = 0, used = made->parts.size();
      while (used > 1 && made->parts[used - 1].is_undefined()) --used;
      Arguments all;
      for (size_t at = 1; at < used; ++at) {
        const bool is_open = made->parts[at].is_absent();
        if (!is_open) all.push_back(made->parts[at]);
        if (is_open) all.push_back(next < arguments.size() ? arguments[next] : Item());
        if (is_open) ++next;
      }
      return apply_library(*made->parts[0].library(), std::move(all), input, frame);
    }
    case Function::Kind::transform:
      return apply_transform(*made, arguments.empty() ? Item() : arguments[0], frame);
    default:
      return apply_matcher(*made, arguments);
  }
}

// A call in tail position is no call within this one: the loop goes on with what is called.
Answer Run::apply_lambda(Ref<Function> function, Arguments&& arguments, const Item& input) {
  if (calls_ >= world_.limits.depth_max) return fail(too_deep());
  ++calls_;
  ++nesting_;
  TailCall tail{std::move(function), std::move(arguments), input};
  Item result;
  while (tail.function) {
    const Ref<Function> current = std::move(tail.function);
    tail.function = Ref<Function>();
    const Extras* extras = current->node->extras.get();
    if (current->has_signature && extras != nullptr && extras->signature)
      TRY(fit(*extras->signature, tail.arguments, tail.input));
    Ref<Frame> frame(heap_.make<Frame>(current->frame.get()));
    for (size_t at = 0; at < current->parameters.size(); ++at)
      frame->bind(current->parameters[at],
                  at < tail.arguments.size() ? std::move(tail.arguments[at]) : Item());
    result = TRY(body(*current, std::move(frame), tail));
  }
  --calls_;
  --nesting_;
  return result;
}

// The value of a function's body, unless that is a call of a function: then `tail` has it.
Answer Run::body(const Function& function, Ref<Frame> frame, TailCall& tail) {
  const Node* node = function.node->right;
  const Item& input = function.input;
  while (is_bare(*node)) {
    TRY(count_steps());
    if (node->kind == NodeKind::condition) {
      const Item decision = TRY(evaluate(*node->left, input, frame.get()));
      node = TRY(holds(decision)) ? node->right : node->third;
      if (node == nullptr) return Item();
    } else if (node->kind == NodeKind::block && !node->parts.empty()) {
      if (node->needs_frame) frame = Ref<Frame>(heap_.make<Frame>(frame.get()));
      for (size_t at = 0; at + 1 < node->parts.size(); ++at)
        TRY(evaluate(*node->parts[at], input, frame.get()));
      node = node->parts.back();
    } else if (node->kind == NodeKind::call) {
      return tail_call(*node, input, frame.get(), tail);
    } else {
      break;
    }
  }
  return evaluate(*node, input, frame.get());
}

Answer Run::tail_call(const Node& node, const Item& input, Frame* frame, TailCall& tail) {
  const Item called = TRY(procedure(node, input, frame, "T1005"));
  Arguments arguments;
  for (const Node* part : node.parts) arguments.push_back(TRY(evaluate(*part, input, frame)));
  Function* made = called.function();
  if (made != nullptr && made->kind == Function::Kind::lambda) {
    tail.function = Ref<Function>(made);
    tail.arguments = std::move(arguments);
    return Item();
  }
  auto answer = apply(called, std::move(arguments), tail.input, frame);
  if (answer.has_value()) return answer;
  fault_->settle_position(node.position);
  fault_->settle_token(called_name(*node.left));
  return answer;
}

}  // namespace pawl::asl::jsonata
