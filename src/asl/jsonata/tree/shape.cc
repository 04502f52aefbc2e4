#include "asl/jsonata/tree/shape.h"

#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

std::vector<ParentSlot*> seeking_of(const Node& node) {
  return node.extras ? node.extras->seeking : std::vector<ParentSlot*>();
}

bool is_seeking(const Node& node) { return node.extras && !node.extras->seeking.empty(); }

// What a part still seeks, the whole seeks.
void pass_on(Node* whole, const Node* part) {
  if (!is_seeking(*part) && part->kind != NodeKind::parent) return;
  auto slots = seeking_of(*part);
  if (part->kind == NodeKind::parent) slots.push_back(part->slot);
  auto& seeking = whole->more().seeking;
  seeking.insert(seeking.end(), slots.begin(), slots.end());
}

}  // namespace

Result<Node*, Fault> Shaper::shape(Node* root) {
  Node* shaped = TRY(visit(root));
  if (shaped->kind == NodeKind::parent || is_seeking(*shaped))
    return Fault("S0217").at(shaped->position).token(kind_name(shaped->kind));
  return shaped;
}

Result<Node*, Fault> Shaper::visit(Node* node) {
  const bool keeps_array = node->keeps_array;
  Node* shaped = TRY(visit_kind(node));
  if (keeps_array) shaped->keeps_array = true;
  return shaped;
}

Result<Node*, Fault> Shaper::visit_kind(Node* node) {
  switch (node->kind) {
    case NodeKind::binary:
      return binary(node);
    case NodeKind::negate:
      return negate(node);
    case NodeKind::array:
    case NodeKind::object:
      return collection(node);
    case NodeKind::call:
    case NodeKind::partial:
      return call(node);
    case NodeKind::block:
      return block(node);
    case NodeKind::condition:
    case NodeKind::fallback:
    case NodeKind::bind:
      return operands(node);
    case NodeKind::apply:
      node->left = TRY(visit(node->left));
      node->right = TRY(visit(node->right));
      node->keeps_array = node->left->keeps_array || node->right->keeps_array;
      return node;
    case NodeKind::lambda:
      node->right = TRY(visit(node->right));
      return node;
    case NodeKind::transform:
      node->left = TRY(visit(node->left));
      node->right = TRY(visit(node->right));
      if (node->third != nullptr) node->third = TRY(visit(node->third));
      return node;
    case NodeKind::word:
      node->kind = NodeKind::name;
      return make_path(node);
    case NodeKind::name:
      return make_path(node);
    case NodeKind::parent:
      return parent(node);
    case NodeKind::end:
      return Fault("S0207").at(node->position).token("(end)");
    default:
      return node;
  }
}

Node* Shaper::make_path(Node* step) {
  Node& path = tree_.nodes.emplace_back();
  path.kind = NodeKind::path;
  path.position = step->position;
  path.parts.push_back(step);
  if (step->kind == NodeKind::name) path.keeps_singleton = step->keeps_array;
  return &path;
}

Result<Node*, Fault> Shaper::parent(Node* node) {
  node->slot = &tree_.slots.emplace_back();
  node->slot->label = names_.make_label();
  names_.note_bound(node->slot->label);
  return node;
}

Result<Node*, Fault> Shaper::operands(Node* node) {
  for (Node** part : {&node->left, &node->right, &node->third}) {
    if (*part == nullptr) continue;
    *part = TRY(visit(*part));
    pass_on(node, *part);
  }
  return node;
}

Result<Node*, Fault> Shaper::negate(Node* node) {
  node->left = TRY(visit(node->left));
  if (node->left->kind == NodeKind::literal && node->left->value.is_number()) {
    const json::Value& value = node->left->value;
    node->left->value = value.is_integer() && value.integer() != 0 ? json::Value(-value.integer())
                                                                   : json::Value(-value.real());
    return node->left;
  }
  pass_on(node, node->left);
  return node;
}

Result<Node*, Fault> Shaper::collection(Node* node) {
  for (Node*& part : node->parts) {
    part = TRY(visit(part));
    pass_on(node, part);
  }
  for (auto& [key, value] : node->pairs) {
    key = TRY(visit(key));
    pass_on(node, key);
    value = TRY(visit(value));
    pass_on(node, value);
  }
  return node;
}

Result<Node*, Fault> Shaper::call(Node* node) {
  for (Node*& part : node->parts) {
    part = TRY(visit(part));
    pass_on(node, part);
  }
  node->left = TRY(visit(node->left));
  return node;
}

Result<Node*, Fault> Shaper::block(Node* node) {
  for (Node*& part : node->parts) {
    part = TRY(visit(part));
    pass_on(node, part);
    const bool begins_constructed =
        part->kind == NodeKind::path && part->parts.front()->is_constructed;
    if (part->is_constructed || begins_constructed) node->is_constructed = true;
  }
  return node;
}

Result<Node*, Fault> Shaper::binary(Node* node) {
  switch (node->operation) {
    case Operation::map:
      return map(node);
    case Operation::predicate:
      return predicate(node);
    case Operation::group:
      return group(node);
    case Operation::order:
      return order(node);
    case Operation::focus:
      return focus(node);
    case Operation::index:
      return index(node);
    default:
      return operands(node);
  }
}

Result<Node*, Fault> Shaper::map(Node* node) {
  Node* path = TRY(visit(node->left));
  if (path->kind != NodeKind::path) {
    Node* first = path;
    path = make_path(first);
    path->keeps_singleton = false;
    if (first->kind == NodeKind::parent) path->more().seeking = {first->slot};
  }
  Node* rest = TRY(visit(node->right));
  if (rest->kind == NodeKind::path) {
    path->parts.insert(path->parts.end(), rest->parts.begin(), rest->parts.end());
  } else {
    if (rest->has_predicates()) std::swap(rest->extras->stages, rest->extras->predicates);
    path->parts.push_back(rest);
  }
  for (Node* step : path->parts) {
    if (step->kind == NodeKind::literal) {
      if (!step->value.is_string())
        return Fault("S0213").at(step->position).with("value", json::write(step->value));
      step->kind = NodeKind::name;
    }
    if (step->keeps_array) path->keeps_singleton = true;
  }
  for (Node* step : {path->parts.front(), path->parts.back()})
    if (step->kind == NodeKind::array) step->is_constructed = true;
  TRY(resolve_ancestry(path));
  return path;
}

Result<Node*, Fault> Shaper::predicate(Node* node) {
  Node* whole = TRY(visit(node->left));
  const bool is_path = whole->kind == NodeKind::path;
  Node* step = is_path ? whole->parts.back() : whole;
  if (step->has_group()) return Fault("S0209").at(node->position);
  Node* filter = TRY(visit(node->right));
  if (is_seeking(*filter)) {
    for (ParentSlot* slot : seeking_of(*filter)) {
      if (slot->level == 1)
        TRY(seek_parent(step, slot));
      else
        --slot->level;
    }
    pass_on(step, filter);
  }
  auto& stages = is_path ? step->more().stages : step->more().predicates;
  stages.push_back({filter, 0});
  return whole;
}

Result<Node*, Fault> Shaper::group(Node* node) {
  Node* whole = TRY(visit(node->left));
  if (whole->has_group()) return Fault("S0210").at(node->position);
  Group group;
  group.position = node->position;
  for (const auto& [key, value] : node->pairs) {
    Node* shaped_key = TRY(visit(key));
    group.pairs.push_back({shaped_key, TRY(visit(value))});
  }
  whole->more().group = std::move(group);
  return whole;
}

Result<Node*, Fault> Shaper::order(Node* node) {
  Node* path = TRY(visit(node->left));
  if (path->kind != NodeKind::path) {
    path = make_path(path);
    path->keeps_singleton = false;
  }
  node->kind = NodeKind::sort;
  node->left = nullptr;
  for (auto& term : node->extras->terms) {
    term.expression = TRY(visit(term.expression));
    pass_on(node, term.expression);
  }
  path->parts.push_back(node);
  TRY(resolve_ancestry(path));
  return path;
}

Result<Node*, Fault> Shaper::focus(Node* node) {
  Node* whole = TRY(visit(node->left));
  Node* step = whole->kind == NodeKind::path ? whole->parts.back() : whole;
  if (step->has_stages() || step->has_predicates()) return Fault("S0215").at(node->position);
  if (step->kind == NodeKind::sort) return Fault("S0216").at(node->position);
  if (node->keeps_array) step->keeps_array = true;
  step->more().focus = node->id;
  step->is_tuple = true;
  return whole;
}

Result<Node*, Fault> Shaper::index(Node* node) {
  Node* whole = TRY(visit(node->left));
  Node* step = whole;
  if (whole->kind == NodeKind::path) {
    step = whole->parts.back();
  } else {
    whole = make_path(step);
    whole->keeps_singleton = false;
    if (step->has_predicates()) std::swap(step->extras->stages, step->extras->predicates);
  }
  if (step->has_stages())
    step->extras->stages.push_back({nullptr, node->id});
  else
    step->more().index = node->id;
  step->is_tuple = true;
  return whole;
}

}  // namespace pawl::asl::jsonata
