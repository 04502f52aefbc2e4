#include "engine/beside/keep_durably.h"

#include <future>

#include "engine/beside/commands.h"

namespace pawl::engine {

Error server_is_stopping() {
  return Error(ErrorCode::unavailable, "ServiceUnavailable: the server is stopping",
               "Try again when it has started.");
}

Result<void> keep_durably(Engine& engine, std::vector<store::Write> rows) {
  if (rows.empty()) return {};
  std::promise<Result<void>> kept;
  engine.ask(KeepRows{std::move(rows)},
             [&](Result<void> result) { kept.set_value(std::move(result)); });
  return kept.get_future().get();
}

}  // namespace pawl::engine
