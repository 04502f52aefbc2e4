#pragma once

#include <string>
#include <string_view>

#include "aws/service_error.h"
#include "http/server.h"
#include "json/value.h"

namespace pawl::aws {

// AWS JSON 1.0: POST / with X-Amz-Target "<Service>.<Operation>" and a JSON object as the body
// (Smithy documentation, "AWS JSON 1.0 protocol").

// "AWSStepFunctions" and "StartExecution"; both empty where the request has no such header.
struct Target {
  std::string_view service, operation;
};
Target target_of(const http::Request& request);

// The body as an object; an empty body is an empty object. Error: SerializationException.
Result<json::Value> input_of(const http::Request& request);

http::Response success(const json::Value& output, std::string_view request_id);
http::Response failure(const ServiceError& error, std::string_view request_id);

}  // namespace pawl::aws
