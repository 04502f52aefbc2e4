#include "engine/beside/keep_durably.h"

#include <future>

namespace pawl::engine {

Result<void> keep_durably(Engine& engine, std::vector<store::Write> rows) {
  if (rows.empty()) return {};
  std::promise<Result<void>> kept;
  engine.ask(KeepRows{std::move(rows)},
             [&](Result<void> result) { kept.set_value(std::move(result)); });
  return kept.get_future().get();
}

}  // namespace pawl::engine
