#pragma once

#include <string_view>

#include "asl/jsonata/fault.h"
#include "asl/jsonata/tree/lexer.h"
#include "asl/jsonata/tree/names.h"
#include "asl/jsonata/tree/node.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// Trees are not made higher than this: they are walked by recursion.
constexpr uint16_t tree_height_max = 1500;

// Top-down operator precedence: what a token means at the beginning of an expression and what it
// means behind a left side. The tree is still that of the text; shape() makes it one to evaluate.
class Parser {
 public:
  Parser(std::string_view source, Tree& tree, Names& names)
      : lexer_(source), tree_(tree), names_(names) {}

  Result<Node*, Fault> parse();

 private:
  using Parsed = Result<Node*, Fault>;

  Result<bool, Fault> advance(bool is_behind_operand = false);
  Result<bool, Fault> expect(std::string_view symbol, bool is_behind_operand = false);
  Result<bool, Fault> take_comma();
  Parsed expression(int power);
  Parsed operand(Token token);
  Parsed symbol_operand(const Token& token);
  Parsed continuation(const Token& token, Node* left);

  Parsed block(size_t position);
  Parsed array(size_t position);
  Parsed transform(size_t position);
  Result<bool, Fault> pairs(std::vector<Pair>& into);
  Parsed object(size_t position);
  Parsed group(Node* left, size_t position);
  Parsed call(Node* left, size_t position);
  Parsed lambda(Node* call);
  Result<bool, Fault> signature(Node* lambda);
  Parsed bracket(Node* left, size_t position);
  Parsed order(Node* left, size_t position);
  Parsed bind(Node* left, size_t position);
  Parsed variable_behind(Node* left, const Token& token);
  Parsed condition(Node* left, size_t position);
  Parsed binary(Node* left, const Token& token);

  Node* make(NodeKind kind, size_t position);
  // Closes a node whose parts are there: how high it is.
  Parsed finish(Node* node) const;

  Lexer lexer_;
  Tree& tree_;
  Names& names_;
  Token token_;
  int depth_ = 0;
};

}  // namespace pawl::asl::jsonata
