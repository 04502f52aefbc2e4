#include "restore/steps/conclude.h"

namespace pawl::restore::steps {

functions::Function conclude() {
  functions::Function function;
  function.name = "pawl-restore-conclude";
  function.description = "Ends the execution of a failed restore; a redrive passes it.";
  function.body = [](functions::Call& call) -> asl::Outcome<json::Value> {
    const auto redrives = [&](std::string_view name) {
      return call.event.integer_at(name).value_or(0);
    };
    if (redrives("redrives") > redrives("redrives_at_failure")) return json::Value::object();
    return asl::Failure{call.event.string_at("error").value_or("Restore.Failed"),
                        call.event.string_at("cause").value_or("")};
  };
  return function;
}

}  // namespace pawl::restore::steps
