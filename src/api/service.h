#pragma once

#include <memory>

#include "api/action.h"
#include "api/lane.h"
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

  // Any thread; does not keep it for long.
  void handle(http::Request request, http::Responder responder);

 private:
  // One request, and where its answer goes.
  struct Call {
    const ActionRow& row;
    json::Value input;
    std::string request_id;
    http::Responder responder;
  };
  using CallPointer = std::shared_ptr<const Call>;

  Result<void> admit(const http::Request& request) const;
  Rooms rooms_for(const http::Responder& responder) const;
  void answer(http::Request request, const http::Responder& responder);
  void act(const CallPointer& call);
  void act_apart(const CallPointer& call);

  const Rooms rooms_;
  aws::KeyRing keys_;
  Duration age_max_ = aws::clock_skew_max;
  world::Clock* clock_ = nullptr;  // null: everyone is admitted
  // The last to come, so the first to go: what is under way there uses all of the above.
  Lane slow_lane_{2};
};

}  // namespace pawl::api
