#pragma once

#include <span>

#include "integrations/call.h"
#include "integrations/resource.h"

namespace pawl::integrations {

// A service that speaks AWS JSON: an action is a POST with X-Amz-Target "<target>.<Action>", its
// parameters and its answer are JSON objects.
struct JsonService {
  std::string_view endpoint;  // its key in the configuration
  std::string_view sdk_name;  // in resources "aws-sdk:<name>:…"
  std::string_view target, version, signing_name;
  Dialect own, sdk;
  std::string_view own_actions;  // its own integrations, with blanks between them
  bool has_small_names = false;  // members on the wire begin with a small letter
};

std::span<const JsonService> json_services();

// The service that the resource asks, where it is one of these and has such an action.
const JsonService* json_service(const Resource& resource);

asl::Outcome<Call> json_call(const JsonService& service, const Resource& resource,
                             const Order& order);

}  // namespace pawl::integrations
