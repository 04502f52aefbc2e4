#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/functions/matches.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/regex/regex.h"

// Functions as values: of an expression, of a regular expression, partly applied.

namespace pawl::asl::jsonata {

Answer Run::make_lambda(const Node& node, const Item& input, Frame* frame) {
  const bool is_transform = node.kind == NodeKind::transform;
  Ref<Function> function(
      heap_.make<Function>(is_transform ? Function::Kind::transform : Function::Kind::lambda));
  function->node = &node;
  function->frame = Ref<Frame>(frame);
  function->input = input;
  function->parameters.reserve(node.parts.size());
  for (const Node* parameter : node.parts) function->parameters.push_back(parameter->id);
  return function;
}

Answer Run::make_matcher(const Node& node) {
  Ref<Function> function(heap_.make<Function>(Function::Kind::matcher));
  function->node = &node;
  function->regex = node.extras->regex.get();
  return function;
}

Answer Run::apply_matcher(const Function& function, const Arguments& arguments) {
  const bool is_first = function.kind == Function::Kind::matcher;
  const Item subject = !is_first ? function.subject : arguments.empty() ? Item() : arguments[0];
  if (!subject.is_string()) return fail(Fault("T0410").with_index(1));
  size_t from = function.from;
  if (is_first && arguments.size() > 1 && arguments[1].is_number())
    from = offset_of_utf16(subject.text(), arguments[1].number());
  const auto found = TRY(find_match(*this, function, subject, from, is_first));
  return found ? Answer(match_object(*this, function, subject, *found)) : Answer(Item());
}

Answer Run::partial(const Node& node, const Item& input, Frame* frame) {
  std::vector<Item> given;
  for (const Node* part : node.parts) {
    const bool is_open = part->kind == NodeKind::placeholder;
    given.push_back(is_open ? Item::absent() : TRY(evaluate(*part, input, frame)));
  }
  const Item function = TRY(procedure(node, input, frame, "T1007"));
  if (function.library() != nullptr) {
    Ref<Function> partly(heap_.make<Function>(Function::Kind::partial));
    partly->parts.push_back(function);
    partly->parts.insert(partly->parts.end(), given.begin(), given.end());
    return partly;
  }
  const Function* made = function.function();
  if (made == nullptr || made->kind != Function::Kind::lambda) {
    Fault fault("T1008");
    if (node.left->value.is_string()) fault.settle_token(node.left->value.string());
    if (node.left->kind == NodeKind::path)
      fault.settle_token(node.left->parts[0]->value.is_string()
                             ? node.left->parts[0]->value.string()
                             : std::string_view());
    fault.settle_position(node.position);
    return fail(std::move(fault));
  }
  Ref<Function> partly(heap_.make<Function>(Function::Kind::lambda));
  partly->node = made->node;
  partly->input = made->input;
  partly->has_signature = false;
  partly->frame = Ref<Frame>(heap_.make<Frame>(made->frame.get()));
  for (size_t at = 0; at < made->parameters.size(); ++at) {
    if (at < given.size() && given[at].is_absent())
      partly->parameters.push_back(made->parameters[at]);
    else
      partly->frame->bind(made->parameters[at], at < given.size() ? given[at] : Item());
  }
  return partly;
}

}  // namespace pawl::asl::jsonata
