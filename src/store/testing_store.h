#pragma once

#include <gtest/gtest.h>

#include "base/text.h"
#include "store/sqlite_store.h"

namespace pawl::store {

// What the tests of this room fill a store with.

inline Instant at(int64_t seconds_since_epoch) { return Instant(seconds(seconds_since_epoch)); }

inline Machine machine(const std::string& name) {
  return {.arn = "machine:" + name,
          .name = name,
          .definition = "{\"of\": \"" + name + "\"}",
          .role_arn = "role",
          .type = "STANDARD",
          .status = "ACTIVE",
          .revision_id = "r1",
          .created = at(1),
          .updated = at(2)};
}

inline Execution execution(int64_t id, const std::string& machine_name = "m") {
  Execution execution;
  execution.id = id;
  execution.name = concat("e", id);
  execution.arn = concat("execution:", machine_name, ":e", id);
  execution.machine_arn = "machine:" + machine_name;
  execution.definition = "{\"of\": \"" + machine_name + "\"}";
  execution.role_arn = "role";
  execution.status = "RUNNING";
  execution.started = at(1000 + id);
  execution.input = concat("{\"n\": ", id, "}");
  return execution;
}

inline std::unique_ptr<Store> open_store(const std::string& path, CheckpointLimits limits = {}) {
  auto store = open_sqlite_store(path, limits);
  EXPECT_TRUE(store.has_value()) << store.error().text();
  return *std::move(store);
}

inline void commit(Store& store, const std::vector<Write>& writes) {
  const auto committed = store.commit(writes);
  ASSERT_TRUE(committed.has_value()) << committed.error().text();
}

}  // namespace pawl::store
