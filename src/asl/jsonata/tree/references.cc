#include <set>

#include "asl/jsonata/program.h"

namespace pawl::asl::jsonata {
namespace {

// Names that are bound here and further out.
struct Scope {
  const Scope* outer = nullptr;
  std::set<uint32_t> bound;

  bool has(uint32_t name) const {
    return bound.count(name) > 0 || (outer != nullptr && outer->has(name));
  }
};

// Calls `see` with every node that stands directly in this one.
template <typename See>
void for_each_part(const Node& node, const See& see) {
  for (const Node* part : {node.left, node.right, node.third})
    if (part != nullptr) see(*part);
  for (const Node* part : node.parts) see(*part);
  for (const auto& [key, value] : node.pairs) {
    see(*key);
    see(*value);
  }
  if (!node.extras) return;
  for (const auto* stages : {&node.extras->predicates, &node.extras->stages})
    for (const Stage& stage : *stages)
      if (stage.filter != nullptr) see(*stage.filter);
  for (const SortTerm& term : node.extras->terms) see(*term.expression);
  if (!node.extras->group) return;
  for (const auto& [key, value] : node.extras->group->pairs) {
    see(*key);
    see(*value);
  }
}

// The names that a node binds in the frame it stands in.
void bind_names(const Node& node, std::set<uint32_t>& bound) {
  if (node.kind == NodeKind::bind) bound.insert(node.id);
  if (node.extras) {
    if (node.extras->focus) bound.insert(*node.extras->focus);
    if (node.extras->index) bound.insert(*node.extras->index);
    for (const Stage& stage : node.extras->stages)
      if (stage.filter == nullptr) bound.insert(stage.index_name);
  }
  for_each_part(node, [&](const Node& part) {
    if (part.kind != NodeKind::block && part.kind != NodeKind::lambda) bind_names(part, bound);
  });
}

class References {
 public:
  explicit References(Referred what) : what_(what) {}

  void visit(const Node& node, const Scope& scope) {
    if (node.kind == NodeKind::variable) note(node, "", scope);
    if (node.kind == NodeKind::path && node.parts[0]->kind == NodeKind::variable) {
      note(*node.parts[0], names_behind_first(node), scope);
      visit_parts(node, scope, node.parts[0]);
      return;
    }
    visit_parts(node, scope, nullptr);
  }
  std::vector<std::string> take() const { return {found_.begin(), found_.end()}; }

 private:
  // All parts; of `noted` only what stands in it.
  void visit_parts(const Node& node, const Scope& scope, const Node* noted) {
    for_each_part(node, [&](const Node& part) {
      if (&part == noted)
        visit_parts(part, scope, nullptr);
      else
        visit_scoped(part, scope);
    });
  }

  void visit_scoped(const Node& node, const Scope& scope) {
    if (node.kind != NodeKind::block && node.kind != NodeKind::lambda) return visit(node, scope);
    Scope inner{&scope, {}};
    bind_names(node, inner.bound);
    if (node.kind == NodeKind::lambda)
      for (const Node* parameter : node.parts) inner.bound.insert(parameter->id);
    visit(node, inner);
  }

  static std::string names_behind_first(const Node& path) {
    std::string names;
    for (size_t at = 1; at < path.parts.size(); ++at) {
      const Node& before = *path.parts[at - 1];
      const bool goes_on = path.parts[at]->kind == NodeKind::name && !before.has_stages() &&
                           !before.has_predicates();
      if (!goes_on) break;
      names.append(".").append(path.parts[at]->value.string());
    }
    return names;
  }

  void note(const Node& variable, std::string_view rest, const Scope& scope) {
    const std::string_view name = variable.value.string();
    const bool is_free = !name.empty() && name != "$" && !scope.has(variable.id);
    const bool is_wanted = (variable.library != nullptr) == (what_ == Referred::library);
    if (is_free && is_wanted) found_.insert(std::string(name).append(rest));
  }

  Referred what_;
  std::set<std::string> found_;
};

}  // namespace

bool binds_names(const Node& node) {
  std::set<uint32_t> bound;
  bind_names(node, bound);
  return !bound.empty();
}

std::vector<std::string> free_references(const Node& root, Referred what) {
  Scope scope;
  bind_names(root, scope.bound);
  References references(what);
  references.visit(root, scope);
  return references.take();
}

}  // namespace pawl::asl::jsonata
