#include "api/fields.h"
#include "api/states/actions.h"
#include "api/states/tags.h"
#include "engine/service_errors.h"

namespace pawl::api::states {
namespace {

using json::Value;

Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(tagged_arn_of(input));
  auto& catalogue = engine.catalogue();
  if (!TRY(catalogue.machine(arn)) && !TRY(catalogue.activity(arn)))
    return engine::resource_not_found(arn);
  Value::Array tags;
  for (const store::Tag& tag : TRY(catalogue.tags(arn)))
    tags.push_back(Value::object({{"key", tag.key}, {"value", tag.value}}));
  return Value::object({{"tags", std::move(tags)}});
}

}  // namespace

void list_tags_for_resource(const Rooms& rooms, const json::Value& input, const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
