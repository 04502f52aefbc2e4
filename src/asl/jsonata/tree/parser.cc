#include "asl/jsonata/tree/parser.h"

#include <algorithm>

#include "asl/jsonata/tree/operators.h"
#include "base/text.h"

namespace pawl::asl::jsonata {
namespace {

constexpr int depth_max = 500;  // of expressions within expressions

Fault nested_too_deeply(size_t position) {
  return limit_reached("The expression is nested too deeply").at(position);
}

bool is_word(const Token& token) { return token.is("and") || token.is("or") || token.is("in"); }

}  // namespace

Result<Node*, Fault> Parser::parse() {
  TRY(advance());
  Node* root = TRY(expression(0));
  if (token_.kind != Token::Kind::end)
    return Fault("S0201").at(token_.position).token(token_.shown());
  return root;
}

Result<bool, Fault> Parser::advance(bool is_behind_operand) {
  token_ = TRY(lexer_.next(is_behind_operand));
  if (token_.is("!") || token_.is("~"))
    return Fault("S0204").at(token_.position).token(token_.text);
  return true;
}

Result<bool, Fault> Parser::expect(std::string_view symbol, bool is_behind_operand) {
  if (!token_.is(symbol)) {
    const bool is_end = token_.kind == Token::Kind::end;
    return Fault(is_end ? "S0203" : "S0202")
        .at(token_.position)
        .token(token_.shown())
        .with_text("value", symbol);
  }
  return advance(is_behind_operand);
}

Node* Parser::make(NodeKind kind, size_t position) {
  Node& node = tree_.nodes.emplace_back();
  node.kind = kind;
  node.position = position;
  return &node;
}

Result<Node*, Fault> Parser::finish(Node* node) const {
  uint16_t height = 0;
  const auto hold = [&](const Node* part) {
    if (part != nullptr) height = std::max(height, part->height);
  };
  hold(node->left);
  hold(node->right);
  hold(node->third);
  for (const Node* part : node->parts) hold(part);
  const auto hold_pairs = [&](const std::vector<Pair>& pairs) {
    for (const auto& [key, value] : pairs) {
      hold(key);
      hold(value);
    }
  };
  hold_pairs(node->pairs);
  if (node->extras) {
    if (node->extras->group) hold_pairs(node->extras->group->pairs);
    for (const auto& term : node->extras->terms) hold(term.expression);
  }
  if (height >= tree_height_max) return nested_too_deeply(node->position);
  node->height = static_cast<uint16_t>(height + 1);
  return node;
}

Result<Node*, Fault> Parser::expression(int power) {
  if (depth_ >= depth_max) return nested_too_deeply(token_.position);
  ++depth_;
  Token token = std::move(token_);
  TRY(advance(true));
  Node* left = TRY(operand(std::move(token)));
  while (token_.kind == Token::Kind::symbol && power < binding_power(token_.text)) {
    token = std::move(token_);
    TRY(advance());
    left = TRY(continuation(token, left));
  }
  --depth_;
  return left;
}

Result<Node*, Fault> Parser::operand(Token token) {
  switch (token.kind) {
    case Token::Kind::end:
      return make(NodeKind::end, token.position);
    case Token::Kind::symbol:
      return symbol_operand(token);
    case Token::Kind::name: {
      Node* node = make(NodeKind::name, token.position);
      node->value = json::Value(token.text);
      return node;
    }
    case Token::Kind::variable: {
      Node* node = make(NodeKind::variable, token.position);
      node->value = json::Value(token.text);
      node->id = names_.id_of(token.text);
      return node;
    }
    case Token::Kind::literal: {
      Node* node = make(NodeKind::literal, token.position);
      node->value = std::move(token.value);
      return node;
    }
    case Token::Kind::regex:
      break;
  }
  Node* node = make(NodeKind::regex, token.position);
  node->more().regex = std::move(token.regex);
  return node;
}

Result<Node*, Fault> Parser::symbol_operand(const Token& token) {
  const size_t position = token.position;
  if (is_word(token)) {
    Node* node = make(NodeKind::word, position);
    node->value = json::Value(token.text);
    return node;
  }
  if (token.is("-")) {
    Node* node = make(NodeKind::negate, position);
    node->left = TRY(expression(70));
    return finish(node);
  }
  if (token.is("*")) return make(NodeKind::wildcard, position);
  if (token.is("**")) return make(NodeKind::descendant, position);
  if (token.is("%")) return make(NodeKind::parent, position);
  if (token.is("(")) return block(position);
  if (token.is("[")) return array(position);
  if (token.is("{")) return object(position);
  if (token.is("|")) return transform(position);
  return Fault("S0211").at(position).token(token.text);
}

Result<Node*, Fault> Parser::continuation(const Token& token, Node* left) {
  const size_t position = token.position;
  if (token.is("(")) return call(left, position);
  if (token.is("[")) return bracket(left, position);
  if (token.is("{")) return group(left, position);
  if (token.is("^")) return order(left, position);
  if (token.is(":=")) return bind(left, position);
  if (token.is("@") || token.is("#")) return variable_behind(left, token);
  if (token.is("?")) return condition(left, position);
  return binary(left, token);
}

Result<Node*, Fault> Parser::binary(Node* left, const Token& token) {
  const bool is_fallback = token.is("?:") || token.is("??");
  const NodeKind kind = is_fallback      ? NodeKind::fallback
                        : token.is("~>") ? NodeKind::apply
                                         : NodeKind::binary;
  Node* node = make(kind, token.position);
  node->operation = operation_of(token.text);
  node->left = left;
  node->right = TRY(expression(is_fallback ? 0 : binding_power(token.text)));
  return finish(node);
}

Result<Node*, Fault> Parser::condition(Node* left, size_t position) {
  Node* node = make(NodeKind::condition, position);
  node->left = left;
  node->right = TRY(expression(0));
  if (token_.is(":")) {
    TRY(advance());
    node->third = TRY(expression(0));
  }
  return finish(node);
}

Result<Node*, Fault> Parser::bind(Node* left, size_t position) {
  if (left->kind != NodeKind::variable)
    return Fault("S0212").at(left->position).token(shown_value(*left));
  Node* node = make(NodeKind::bind, position);
  node->id = left->id;
  names_.note_bound(left->id);
  node->right = TRY(expression(binding_power(":=") - 1));
  return finish(node);
}

Result<Node*, Fault> Parser::variable_behind(Node* left, const Token& token) {
  Node* node = make(NodeKind::binary, token.position);
  node->operation = operation_of(token.text);
  node->left = left;
  node->right = TRY(expression(binding_power(token.text)));
  if (node->right->kind != NodeKind::variable)
    return Fault("S0214").at(node->right->position).token(token.text);
  node->id = node->right->id;
  names_.note_bound(node->id);
  return finish(node);
}

// A predicate; or [] alone, which keeps what stands before it an array.
Result<Node*, Fault> Parser::bracket(Node* left, size_t position) {
  if (token_.is("]")) {
    Node* step = left;
    while (step->kind == NodeKind::binary && step->operation == Operation::predicate)
      step = step->left;
    step->keeps_array = true;
    TRY(advance());
    return left;
  }
  Node* node = make(NodeKind::binary, position);
  node->operation = Operation::predicate;
  node->left = left;
  node->right = TRY(expression(0));
  TRY(expect("]", true));
  return finish(node);
}

Result<Node*, Fault> Parser::order(Node* left, size_t position) {
  Node* node = make(NodeKind::binary, position);
  node->operation = Operation::order;
  node->left = left;
  TRY(expect("("));
  while (true) {
    SortTerm term{nullptr, token_.is(">")};
    if (token_.is("<") || token_.is(">")) TRY(advance());
    term.expression = TRY(expression(0));
    node->more().terms.push_back(term);
    if (!token_.is(",")) break;
    TRY(advance());
  }
  TRY(expect(")"));
  return finish(node);
}

}  // namespace pawl::asl::jsonata
