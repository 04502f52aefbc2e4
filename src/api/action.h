#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"
#include "batch/job_loop.h"
#include "engine/engine.h"
#include "functions/runtime.h"
#include "integrations/services.h"
#include "json/value.h"
#include "schedules/scheduler.h"

namespace pawl::api {

// What an action may use.
struct Rooms {
  engine::Engine& engine;
  functions::Runtime& functions;
  integrations::Services& services;
  pawl::batch::JobLoop& jobs;
  world::Random& random;
  schedules::Scheduler& schedules;
  bool is_strict = false;  // refuses what AWS refuses, where the server could do it
  // Whether the client has not gone away while it waits for the answer. Unset: it is there.
  std::function<bool()> is_client_there = {};
};

// Called once, from any thread.
using Answer = std::function<void(Result<json::Value>)>;

// One operation of a service: reads its input, does it, answers now or later.
using Action = void (*)(const Rooms& rooms, const json::Value& input, const Answer& answer);

struct ActionRow {
  std::string_view operation;
  Action action;
  bool is_slow = false;  // it may take its time, whatever is asked
};

}  // namespace pawl::api
