#pragma once

#include <string>
#include <string_view>

#include "api/action.h"
#include "aws/service_error.h"
#include "http/server.h"

namespace pawl::api {

// A service that tells its operations by methods and paths (REST JSON).
struct RestService {
  bool (*takes)(const http::Request& request);
  void (*handle)(const Rooms& rooms, http::Request request, const std::string& request_id,
                 const http::Responder& responder);
  // Services differ in what the body of an error has.
  http::Response (*fail)(const aws::ServiceError& error, const std::string& request_id);
};

// A response with a body as JSON; null: with none.
http::Response respond(int status, const json::Value& body, const std::string& request_id);
http::Response respond_with_error(const aws::ServiceError& error, const json::Value& body,
                                  const std::string& request_id);

aws::ServiceError not_offered(const http::Request& request);

// What is the server's own fault is for its operator, too: the same once a minute.
void log_own_fault(std::string_view operation, const Error& error,
                   const aws::ServiceError& answered);

}  // namespace pawl::api
