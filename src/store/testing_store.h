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

inline std::string told(const Execution& row) {
  const auto number = [](std::optional<Instant> moment) {
    return moment ? moment->time_since_epoch().count() : 0;
  };
  return concat(row.id, " ", row.arn, " ", row.name, " ", row.machine_arn, " ", row.definition, " ",
                row.role_arn, " ", row.started_by, " ", row.status, " ", number(row.started), " ",
                number(row.stopped), " ", row.input, " ", row.output, " ", row.error, " ",
                row.cause, " ", row.type, " ", row.version, " ", row.alias, " ", row.revision_id,
                " ", row.settings, " ", number(row.machine_updated), " ", row.redrives, " ",
                number(row.redriven), "\n");
}

// All that can be read of executions and jobs, and most of the rest; not the secret, which chance
// has made.
inline Result<std::string> told(Store& store) {
  std::string text;
  const auto machines = TRY(store.machines({}));
  for (const auto& each : machines.rows) {
    text += concat(each.arn, " ", each.name, " ", TRY(store.machine(each.arn))->definition, "\n");
    const auto versions = TRY(store.versions(each.arn, {}));
    for (const auto& version : versions.rows)
      text += concat(version.number, version.role_arn, "\n");
    const auto aliases = TRY(store.aliases(each.arn));
    for (const auto& alias : aliases) text += concat(alias.arn, alias.routes.size(), "\n");
    const auto tags = TRY(store.tags(each.arn));
    for (const auto& tag : tags) text += concat(tag.key, tag.value, "\n");
  }
  const auto activities = TRY(store.activities({}));
  for (const auto& each : activities.rows) text += concat(each.arn, each.settings, "\n");
  const auto documents = TRY(store.documents("queue"));
  for (const auto& each : documents) text += concat(each.key, each.text, "\n");
  const auto changes = TRY(store.job_changes(0, 1000));
  for (const auto& each : changes) text += concat(each.position, " ", each.job, each.text, "\n");
  for (int64_t id = 1; id <= TRY(store.last_execution_id()); ++id) {
    const auto row = TRY(store.execution_of_id(id));
    if (!row) return Error(ErrorCode::corrupt, concat("execution ", id, " is missing"));
    text += told(*row);
    const auto records = TRY(store.records(id));
    for (const std::string& record : records) text += concat("  ", record, "\n");
  }
  const auto open = TRY(store.open_executions(0, 1000));
  for (const auto& each : open.damaged) return each.error;
  for (const auto& each : open.executions) text += concat(each.id, " ");
  return text;
}

}  // namespace pawl::store
