#pragma once

#include <string>

#include "api/action.h"
#include "aws/service_error.h"
#include "http/server.h"

namespace pawl::api::batch {

// AWS Batch, REST JSON (AWS Batch API Reference): jobs, job queues, compute environments, job
// definitions, scheduling policies, tags.
bool takes(const http::Request& request);
void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder);
http::Response fail(const aws::ServiceError& error, const std::string& request_id);

}  // namespace pawl::api::batch
