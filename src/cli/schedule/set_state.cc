#include "cli/schedule/set_state.h"

#include "base/text.h"

namespace pawl::cli {

Result<int> set_state(const Session& session, const std::string& schedule,
                      const std::string& state) {
  const auto members = json::Value::object({{"Name", schedule}, {"State", state}});
  TRY(session.client.call("Pawl.SetScheduleState", members));
  if (session.wants_json()) session.show(members);
  session.remark(state == "ENABLED"
                     ? concat("enabled ", schedule, "; what was due before is not caught up")
                     : concat("disabled ", schedule, "; what becomes due is recorded as missed"));
  return exit_done;
}

}  // namespace pawl::cli
