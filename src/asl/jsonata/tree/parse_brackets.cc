#include "asl/jsonata/signature.h"
#include "asl/jsonata/tree/parser.h"
#include "base/text.h"

// What stands in brackets: blocks, arrays, objects, arguments, the parts of a function.

namespace pawl::asl::jsonata {

Result<Node*, Fault> Parser::block(size_t position) {
  Node* node = make(NodeKind::block, position);
  while (!token_.is(")")) {
    node->parts.push_back(TRY(expression(0)));
    if (!token_.is(";")) break;
    TRY(advance());
  }
  TRY(expect(")", true));
  return finish(node);
}

// Whether there is one more behind the one that was read.
Result<bool, Fault> Parser::take_comma() {
  if (!token_.is(",")) return false;
  return advance();
}

Result<Node*, Fault> Parser::array(size_t position) {
  Node* node = make(NodeKind::array, position);
  bool goes_on = !token_.is("]");
  while (goes_on) {
    Node* part = TRY(expression(0));
    if (token_.is("..")) {
      Node* range = make(NodeKind::binary, token_.position);
      range->operation = Operation::range;
      TRY(advance());
      range->left = part;
      range->right = TRY(expression(0));
      part = TRY(finish(range));
    }
    node->parts.push_back(part);
    goes_on = TRY(take_comma());
  }
  TRY(expect("]", true));
  return finish(node);
}

Result<bool, Fault> Parser::pairs(std::vector<Pair>& into) {
  bool goes_on = !token_.is("}");
  while (goes_on) {
    Node* key = TRY(expression(0));
    TRY(expect(":"));
    into.push_back({key, TRY(expression(0))});
    goes_on = TRY(take_comma());
  }
  return expect("}", true);
}

Result<Node*, Fault> Parser::object(size_t position) {
  Node* node = make(NodeKind::object, position);
  TRY(pairs(node->pairs));
  return finish(node);
}

Result<Node*, Fault> Parser::group(Node* left, size_t position) {
  Node* node = make(NodeKind::binary, position);
  node->operation = Operation::group;
  node->left = left;
  TRY(pairs(node->pairs));
  return finish(node);
}

Result<Node*, Fault> Parser::transform(size_t position) {
  Node* node = make(NodeKind::transform, position);
  node->left = TRY(expression(0));
  TRY(expect("|"));
  node->right = TRY(expression(0));
  if (token_.is(",")) {
    TRY(advance());
    node->third = TRY(expression(0));
  }
  TRY(expect("|"));
  return finish(node);
}

Result<Node*, Fault> Parser::call(Node* left, size_t position) {
  Node* node = make(NodeKind::call, position);
  node->left = left;
  bool goes_on = !token_.is(")");
  while (goes_on) {
    if (token_.is("?")) {
      node->kind = NodeKind::partial;
      node->parts.push_back(make(NodeKind::placeholder, token_.position));
      TRY(advance());
    } else {
      node->parts.push_back(TRY(expression(0)));
    }
    goes_on = TRY(take_comma());
  }
  TRY(expect(")", true));
  const bool is_lambda = left->kind == NodeKind::name &&
                         (left->value.string() == "function" || left->value.string() == "λ");
  return is_lambda ? lambda(node) : finish(node);
}

Result<Node*, Fault> Parser::lambda(Node* node) {
  for (size_t index = 0; index < node->parts.size(); ++index) {
    const Node* parameter = node->parts[index];
    if (parameter->kind != NodeKind::variable)
      return Fault("S0208")
          .at(parameter->position)
          .token(shown_value(*parameter))
          .with("value", std::to_string(index + 1));
    names_.note_bound(parameter->id);
  }
  node->kind = NodeKind::lambda;
  node->left = nullptr;
  if (token_.is("<")) TRY(signature(node));
  TRY(expect("{"));
  node->right = TRY(expression(0));
  TRY(expect("}"));
  return finish(node);
}

Result<bool, Fault> Parser::signature(Node* lambda) {
  const size_t position = token_.position;
  std::string text = "<";
  for (int depth = 1; depth > 0 && !token_.is("{") && token_.kind != Token::Kind::end;) {
    TRY(advance());
    if (token_.is(">")) --depth;
    if (token_.is("<")) ++depth;
    text += token_.shown();
  }
  TRY(expect(">"));
  auto parsed = Signature::parse(text);
  if (!parsed) {
    Fault fault = std::move(parsed).error();
    fault.settle_position(position);
    return fault;
  }
  lambda->more().signature = std::make_unique<const Signature>(std::move(*parsed));
  return true;
}

}  // namespace pawl::asl::jsonata
