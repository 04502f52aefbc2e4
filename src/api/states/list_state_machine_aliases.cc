#include <algorithm>

#include "api/fields.h"
#include "api/states/actions.h"
#include "engine/names.h"
#include "store/page_token.h"

namespace pawl::api::states {
namespace {

using json::Value;

Value summary(const store::Alias& alias) {
  return Value::object(
      {{"stateMachineAliasArn", alias.arn}, {"creationDate", epoch_seconds(alias.created)}});
}

bool leads_to(const store::Alias& alias, int64_t version) {
  return std::any_of(alias.routes.begin(), alias.routes.end(),
                     [&](const auto& route) { return route.version == version; });
}

// Of a machine, or of one version of it. A machine has a hundred at most, so pages are cut here.
Result<Value> list(engine::Engine& engine, const Value& input) {
  const auto arn = TRY(machine_arn_of(input));
  const auto asked = engine::parse_machine_arn(arn);
  TRY(engine.machine(asked.machine_arn));
  const auto wanted = page_of(input);
  const std::string list = "aliases\n" + arn;
  std::string after;
  if (!wanted.token.empty()) after = TRY(store::read_page_token(list, wanted.token));
  store::Page<store::Alias> page;
  for (store::Alias& alias : TRY(engine.catalogue().aliases(asked.machine_arn))) {
    if (alias.name <= after || (asked.version > 0 && !leads_to(alias, asked.version))) continue;
    if (page.rows.size() == wanted.size_max) {
      page.next_token = store::make_page_token(list, page.rows.back().name);
      break;
    }
    page.rows.push_back(std::move(alias));
  }
  return shown_page("stateMachineAliases", page, summary);
}

}  // namespace

void list_state_machine_aliases(const Rooms& rooms, const json::Value& input,
                                const Answer& answer) {
  answer(list(rooms.engine, input));
}

}  // namespace pawl::api::states
