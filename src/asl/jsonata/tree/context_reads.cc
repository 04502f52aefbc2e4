#include "asl/jsonata/program.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

// Only the first step of a path is evaluated on what the whole expression is evaluated on: later
// steps, predicates, orders and groups see what the step before them gave. A function's body sees
// what the expression around it sees.
class ContextReads {
 public:
  explicit ContextReads(std::string_view source) : source_(source) {}

  void visit(const Node& node) {
    switch (node.kind) {
      case NodeKind::name:
        return note(node.value.string(), node);
      case NodeKind::variable:
        return visit_variable(node);
      case NodeKind::path:
        return visit_path(node);
      case NodeKind::object:
        for (const auto& [key, value] : node.pairs) {
          visit(*key);
          visit(*value);
        }
        return;
      case NodeKind::lambda:
        return visit(*node.right);
      case NodeKind::transform:
        return;
      default:
        for (const Node* part : {node.left, node.right, node.third})
          if (part != nullptr) visit(*part);
        for (const Node* part : node.parts) visit(*part);
    }
  }
  std::vector<Expression::Read> take() && { return std::move(found_); }

 private:
  void visit_variable(const Node& node) {
    const std::string_view name = node.value.string();
    if (name.empty()) note("$", node);
    if (name == "$") note("$$", node);
  }

  void visit_path(const Node& path) {
    visit(*path.parts[0]);
    const bool is_error_output =
        path.parts.size() > 1 && path.parts[0]->kind == NodeKind::variable &&
        path.parts[0]->value.string() == "states" && path.parts[1]->kind == NodeKind::name &&
        path.parts[1]->value.string() == "errorOutput";
    if (is_error_output) note("$states.errorOutput", *path.parts[1]);
  }

  void note(std::string_view name, const Node& node) {
    for (const auto& read : found_)
      if (read.name == name) return;
    found_.push_back({std::string(name), character_count(source_.substr(0, node.position))});
  }

  std::string_view source_;
  std::vector<Expression::Read> found_;
};

}  // namespace

std::vector<Expression::Read> context_reads(const Node& root, std::string_view source) {
  ContextReads reads(source);
  reads.visit(root);
  return std::move(reads).take();
}

}  // namespace pawl::asl::jsonata
