#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "asl/failure.h"
#include "engine/tasks.h"
#include "http/client.h"
#include "integrations/fault.h"
#include "json/value.h"

namespace pawl::integrations {

using Outcome = asl::Outcome<json::Value>;

// A task and where the service is that it asks.
struct Order {
  const engine::TaskRequest& task;
  std::string_view action;      // "sendMessage"
  const std::string& endpoint;  // without a slash at its end
};

// A task as a request to a service, and the service's answer as the task's outcome.
struct Call {
  http::ClientRequest request;
  std::string_view signing_name;  // of the service, in signatures
  Dialect dialect;
  std::function<Outcome(const http::Response&)> read;
};

// What the service's own integrations add to an answer: how it came.
json::Value with_metadata(const json::Value& output, const http::Response& response);

// The value as a service takes it where it wants a text: a text as it is, anything else as JSON.
json::Value as_text(const json::Value& value);

}  // namespace pawl::integrations
