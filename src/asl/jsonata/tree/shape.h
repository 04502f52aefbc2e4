#pragma once

#include "asl/jsonata/fault.h"
#include "asl/jsonata/tree/names.h"
#include "asl/jsonata/tree/node.h"
#include "base/result.h"

namespace pawl::asl::jsonata {

// Puts the tree of a text into the shape that is evaluated: chains of dots become paths with their
// steps, predicates and groups move to what they belong to, and every `%` finds the step whose
// context it stands for.
class Shaper {
 public:
  Shaper(Tree& tree, Names& names) : tree_(tree), names_(names) {}

  Result<Node*, Fault> shape(Node* root);

 private:
  using Shaped = Result<Node*, Fault>;
  using Done = Result<bool, Fault>;

  Shaped visit(Node* node);
  Shaped visit_kind(Node* node);
  Shaped binary(Node* node);
  Shaped map(Node* node);
  Shaped predicate(Node* node);
  Shaped group(Node* node);
  Shaped order(Node* node);
  Shaped focus(Node* node);
  Shaped index(Node* node);
  Shaped operands(Node* node);
  Shaped negate(Node* node);
  Shaped collection(Node* node);
  Shaped call(Node* node);
  Shaped block(Node* node);
  Shaped parent(Node* node);

  Done seek_parent(Node* node, ParentSlot* slot);
  Done resolve_ancestry(Node* path);
  Node* make_path(Node* step);

  Tree& tree_;
  Names& names_;
};

// The name of a kind of node, as messages have it.
std::string_view kind_name(NodeKind kind);

}  // namespace pawl::asl::jsonata
