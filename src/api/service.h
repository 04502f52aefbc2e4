#pragma once

#include <memory>

#include "engine/engine.h"
#include "functions/runtime.h"
#include "http/server.h"
#include "world/clock.h"

namespace pawl::api {

// The front door: turns a request of any of the AWS protocols into a call of one action, and its
// answer into a response. An operation that is not offered is refused by its name.
class Service {
 public:
  Service(engine::Engine& engine, functions::Runtime& functions, world::Random& random);

  // Any thread; does not block.
  void handle(http::Request request, http::Responder responder);

 private:
  engine::Engine& engine_;
  functions::Runtime& functions_;
  world::Random& random_;
};

}  // namespace pawl::api
