#pragma once

#include <string>

#include "api/action.h"
#include "http/server.h"

namespace pawl::api::lambda {

// AWS Lambda, REST JSON (AWS Lambda API Reference): Invoke and ListFunctions.
bool takes(const http::Request& request);
void handle(const Rooms& rooms, const http::Request& request, const std::string& request_id,
            const http::Responder& responder);

// POST /2015-03-31/functions/{FunctionName}/invocations
void invoke(const Rooms& rooms, const http::Request& request, const std::string& request_id,
            const http::Responder& responder);
// GET /2015-03-31/functions
void list_functions(const Rooms& rooms, const std::string& request_id,
                    const http::Responder& responder);

http::Response respond(int status, const json::Value& body, const std::string& request_id);
http::Response fail(int status, std::string_view code, std::string_view message,
                    const std::string& request_id);

}  // namespace pawl::api::lambda
