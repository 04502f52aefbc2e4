#pragma once

#include <string>

#include "api/action.h"
#include "http/server.h"

namespace pawl::api::lambda {

// AWS Lambda, REST JSON (AWS Lambda API Reference): the operations of routes.cc. All others are
// refused by their names.
bool takes(const http::Request& request);
void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder);

http::Response fail(int status, std::string_view code, std::string_view message,
                    const std::string& request_id);

}  // namespace pawl::api::lambda
