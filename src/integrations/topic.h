#pragma once

#include "integrations/call.h"

namespace pawl::integrations {

// SNS's Publish (Amazon SNS API Reference): a form as the request, XML as the answer.
asl::Outcome<Call> publish(const Order& order);

}  // namespace pawl::integrations
