#pragma once

#include <memory>

#include "api/action.h"
#include "aws/signature_check.h"
#include "http/server.h"
#include "world/clock.h"

namespace pawl::api {

// The front door: turns a request of any of the AWS protocols into a call of one action, and its
// answer into a response. An operation that is not offered is refused by its name.
class Service {
 public:
  explicit Service(Rooms rooms) : rooms_(std::move(rooms)) {}

  // From now on only requests are answered that one of the keys has signed, lately. REQUIRES:
  // before the first request.
  void admit_only(aws::KeyRing keys, world::Clock& clock, Duration age_max);

  // Any thread; does not block.
  void handle(http::Request request, http::Responder responder);

 private:
  Result<void> admit(const http::Request& request) const;

  const Rooms rooms_;
  aws::KeyRing keys_;
  Duration age_max_ = aws::clock_skew_max;
  world::Clock* clock_ = nullptr;  // null: everyone is admitted
};

}  // namespace pawl::api
