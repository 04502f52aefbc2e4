#pragma once

#include <string>

#include "api/action.h"
#include "aws/service_error.h"
#include "http/server.h"

namespace pawl::api::lambda {

// AWS Lambda, REST JSON (AWS Lambda API Reference): the operations of routes.cc. All others are
// refused by their names.
bool takes(const http::Request& request);
void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder);
http::Response fail(const aws::ServiceError& error, const std::string& request_id);

}  // namespace pawl::api::lambda
