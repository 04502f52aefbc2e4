#include "asl/jsonata/tree/shape.h"

// How `%` finds its step. A slot looks for a step `level` levels up; names and wildcards go down
// one level and so count one, another `%` goes up and counts one back.

namespace pawl::asl::jsonata {

Result<bool, Fault> Shaper::seek_parent(Node* node, ParentSlot* slot) {
  switch (node->kind) {
    case NodeKind::name:
    case NodeKind::wildcard:
      if (--slot->level > 0) return true;
      if (node->extras && node->extras->ancestor != nullptr)
        slot->label = node->extras->ancestor->label;
      node->more().ancestor = slot;
      node->is_tuple = true;
      return true;
    case NodeKind::parent:
      ++slot->level;
      return true;
    case NodeKind::block:
      if (node->parts.empty()) return true;
      node->is_tuple = true;
      return seek_parent(node->parts.back(), slot);
    case NodeKind::path: {
      node->is_tuple = true;
      size_t index = node->parts.size();
      do {
        TRY(seek_parent(node->parts[--index], slot));
      } while (slot->level > 0 && index > 0);
      return true;
    }
    default:
      return Fault("S0217").at(node->position).token(kind_name(node->kind));
  }
}

Result<bool, Fault> Shaper::resolve_ancestry(Node* path) {
  const Node* last = path->parts.back();
  std::vector<ParentSlot*> slots;
  if (last->extras) slots = last->extras->seeking;
  if (last->kind == NodeKind::parent) slots.push_back(last->slot);
  for (ParentSlot* slot : slots) {
    size_t index = path->parts.size() - 1;
    while (slot->level > 0) {
      if (index == 0) {
        path->more().seeking.push_back(slot);
        break;
      }
      Node* step = path->parts[--index];
      // Several variables that are bound to one context make one step together.
      const auto has_focus = [](const Node* some) { return some->extras && some->extras->focus; };
      while (index > 0 && has_focus(step) && has_focus(path->parts[index - 1]))
        step = path->parts[--index];
      TRY(seek_parent(step, slot));
    }
  }
  return true;
}

std::string_view kind_name(NodeKind kind) {
  switch (kind) {
    case NodeKind::literal:
      return "value";
    case NodeKind::name:
      return "name";
    case NodeKind::variable:
      return "variable";
    case NodeKind::wildcard:
      return "wildcard";
    case NodeKind::descendant:
      return "descendant";
    case NodeKind::parent:
      return "parent";
    case NodeKind::regex:
      return "regex";
    case NodeKind::binary:
      return "binary";
    case NodeKind::negate:
    case NodeKind::array:
    case NodeKind::object:
      return "unary";
    case NodeKind::block:
      return "block";
    case NodeKind::condition:
    case NodeKind::fallback:
      return "condition";
    case NodeKind::bind:
      return "bind";
    case NodeKind::call:
      return "function";
    case NodeKind::partial:
      return "partial";
    case NodeKind::lambda:
      return "lambda";
    case NodeKind::apply:
      return "apply";
    case NodeKind::transform:
      return "transform";
    case NodeKind::sort:
      return "sort";
    case NodeKind::path:
      return "path";
    default:
      return "operator";
  }
}

}  // namespace pawl::asl::jsonata
