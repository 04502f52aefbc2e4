#pragma once

#include <cstdint>
#include <variant>

#include "asl/failure.h"
#include "engine/activities/activity_polls.h"
#include "engine/activities/activity_tasks.h"
#include "engine/child_executions.h"
#include "json/value.h"

namespace pawl::engine {

// What the loop tells itself to do later, in a turn of its own.

struct StartChild {
  int64_t parent_id;
  execution::EffectId task;
  ChildForm form;
  json::Value parameters;
};
struct AnswerTask {
  int64_t execution_id;
  execution::EffectId task;
  asl::Outcome<json::Value> outcome;
};
struct HandOver {
  ActivityTasks::Place place;
  ActivityTasks::Task task;
  ActivityPolls::Poll poll;
};
using Internal = std::variant<StartChild, AnswerTask, HandOver>;

}  // namespace pawl::engine
