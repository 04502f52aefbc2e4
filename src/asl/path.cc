#include "asl/path.h"

#include "asl/path/expression.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::asl {

using json::Value;

struct Path::Steps {
  path::Expression expression;
};

namespace {

path::Reading reading_of(const path::Expression& expression, const Scope& scope) {
  size_t looked_at = 0;
  auto reading =
      path::read(expression, {&scope.input, &scope.context, nullptr, scope.variables, &looked_at});
  if (scope.budget != nullptr) scope.budget->looked_at += static_cast<int64_t>(looked_at);
  return reading;
}

// `value` with `inserted` beneath the steps from `at` on; nothing where a step does not fit.
std::optional<Value> written(const Value& value, std::span<const path::Step> steps,
                             const Value& inserted) {
  if (steps.empty()) return inserted;
  if (const auto* members = std::get_if<path::Members>(&steps.front())) {
    if (!value.is_object()) return std::nullopt;
    const std::string& name = members->names.front();
    const Value* member = value.find(name);
    auto changed =
        written(member == nullptr ? Value::object() : *member, steps.subspan(1), inserted);
    if (!changed) return std::nullopt;
    return value.with(name, *std::move(changed));
  }
  const int64_t index = std::get<path::Indexes>(steps.front()).numbers.front();
  if (!value.is_array() || index < 0 || static_cast<size_t>(index) >= value.size())
    return std::nullopt;
  Value::Array elements(value.elements().begin(), value.elements().end());
  Value& element = elements[static_cast<size_t>(index)];
  auto changed = written(element, steps.subspan(1), inserted);
  if (!changed) return std::nullopt;
  element = *std::move(changed);
  return Value(std::move(elements));
}

}  // namespace

Path::Path(std::string text, std::unique_ptr<const Steps> steps)
    : text_(std::move(text)), steps_(std::move(steps)) {}
Path::Path(Path&&) noexcept = default;
Path& Path::operator=(Path&&) noexcept = default;
Path::~Path() = default;

Result<Path> Path::parse(std::string_view text) {
  return Path(std::string(text), std::make_unique<const Steps>(Steps{TRY(path::compile(text))}));
}

bool Path::is_reference() const {
  return steps_->expression.is_definite && !steps_->expression.function;
}

std::string_view Path::variable() const { return steps_->expression.variable; }

bool Path::reads_context() const { return steps_->expression.root == path::Root::context; }

Outcome<Value> Path::read(const Scope& scope) const {
  auto reading = reading_of(steps_->expression, scope);
  if (reading.value) return *std::move(reading.value);
  return Failure{"States.Runtime", concat("Invalid path '", text_, "' : ", reading.trouble)};
}

bool Path::is_present(const Scope& scope) const {
  const auto reading = reading_of(steps_->expression, scope);
  if (!reading.value) return false;
  return steps_->expression.is_definite || steps_->expression.function || reading.value->size() > 0;
}

Outcome<Value> Path::write(const Value& root, const Value& inserted) const {
  CHECK(is_reference());
  auto changed = written(root, steps_->expression.steps, inserted);
  if (changed) return *std::move(changed);
  return Failure{"States.ResultPathMatchFailure",
                 concat("Unable to apply ReferencePath ", text_, " to input ", json::write(root))};
}

}  // namespace pawl::asl
