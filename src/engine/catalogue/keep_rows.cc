#include "engine/loop.h"

namespace pawl::engine {

Result<void> Engine::Loop::carry(KeepRows request) {
  for (store::Write& row : request.rows) turn.writes.push_back(std::move(row));
  return {};
}

}  // namespace pawl::engine
