#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "http/server.h"

namespace pawl::aws {

// Who may call: secrets by the ids of their access keys.
using KeyRing = std::map<std::string, std::string, std::less<>>;

// How far the clocks of two machines may be apart, as the services have it; a request may be sent
// again so long.
constexpr Duration clock_skew_max = minutes(5);

// Whether the request has been signed with one of the keys, lately, and not been altered since.
// Any region and service may be signed for. Errors, as the services name them:
// MissingAuthenticationTokenException, IncompleteSignatureException, UnrecognizedClientException,
// InvalidSignatureException.
Result<void> check_signature(const http::Request& request, const KeyRing& keys, Instant now,
                             Duration skew_max = clock_skew_max);

}  // namespace pawl::aws
