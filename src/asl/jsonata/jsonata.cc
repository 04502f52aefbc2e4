#include "asl/jsonata/jsonata.h"

#include "asl/jsonata/evaluate/run.h"
#include "asl/jsonata/library.h"
#include "asl/jsonata/program.h"
#include "asl/jsonata/tree/parser.h"
#include "asl/jsonata/tree/shape.h"

namespace pawl::asl::jsonata {

// Variables find their functions here, and those that nothing in the expression binds need not be
// looked for in frames. An evaluated text may bind anything.
std::optional<Fault> compile_into(std::string_view source, Dialect dialect, Tree& tree,
                                  Names& names) {
  auto parsed = Parser(source, tree, names).parse();
  if (!parsed) return std::move(parsed).error();
  auto shaped = Shaper(tree, names).shape(*parsed);
  if (!shaped) return std::move(shaped).error();
  tree.root = *shaped;
  bool binds_anything = false;
  for (Node& node : tree.nodes) {
    if (node.kind != NodeKind::variable) continue;
    const std::string_view name = node.value.string();
    node.library = find_library(name, dialect);
    node.is_context = name.empty();
    binds_anything |= node.library != nullptr && name == "eval";
  }
  for (Node& node : tree.nodes) {
    if (node.kind == NodeKind::variable)
      node.may_be_bound = binds_anything || names.is_bound(node.id) || node.value.string() == "$";
    if (node.kind == NodeKind::block) node.needs_frame = binds_anything || binds_names(node);
  }
  return std::nullopt;
}

Expression::Expression(std::unique_ptr<const Program> program) : program_(std::move(program)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

Result<Expression, Problem> Expression::compile(std::string_view text, Dialect dialect) {
  auto program = std::make_unique<Program>();
  program->source = text;
  program->dialect = dialect;
  if (auto fault = compile_into(program->source, dialect, program->tree, program->names))
    return fault->problem(text);
  return Expression(std::move(program));
}

Result<std::optional<json::Value>, Problem> Expression::evaluate(const json::Value& input,
                                                                 const Bindings& bindings,
                                                                 const Facts& facts,
                                                                 const Limits& limits) const {
  return run(&input, bindings, facts, limits);
}

Result<std::optional<json::Value>, Problem> Expression::evaluate(std::nullopt_t,
                                                                 const Bindings& bindings,
                                                                 const Facts& facts,
                                                                 const Limits& limits) const {
  return run(nullptr, bindings, facts, limits);
}

Result<std::optional<json::Value>, Problem> Expression::run(const json::Value* input,
                                                            const Bindings& bindings,
                                                            const Facts& facts,
                                                            const Limits& limits) const {
  Run run({input, bindings, facts, limits, program_->dialect}, program_->names);
  auto answer = run.evaluate_root(*program_->tree.root);
  // What is written out below has been looked at as a whole only now.
  if (answer.has_value() && !run.finish_steps().has_value()) answer = Failed();
  if (limits.steps_taken != nullptr) *limits.steps_taken += run.steps();
  if (!answer.has_value()) return run.fault().problem(program_->source);
  const Item item = std::move(answer).value();
  if (item.is_undefined()) return std::optional<json::Value>();
  return std::optional(item.to_json());
}

std::vector<std::string> Expression::references() const {
  return free_references(*program_->tree.root, Referred::variables);
}

std::vector<std::string> Expression::functions() const {
  return free_references(*program_->tree.root, Referred::library);
}

std::vector<Expression::Read> Expression::context_reads() const {
  return jsonata::context_reads(*program_->tree.root, program_->source);
}

}  // namespace pawl::asl::jsonata
