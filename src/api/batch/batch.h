#pragma once

#include <string>

#include "api/action.h"
#include "api/batch/call.h"
#include "aws/service_error.h"
#include "batch/job_tasks.h"
#include "http/server.h"

namespace pawl::api::batch {

// AWS Batch, REST JSON (AWS Batch API Reference): jobs, job queues, compute environments, job
// definitions, scheduling policies, tags.
bool takes(const http::Request& request);
void handle(const Rooms& rooms, http::Request request, const std::string& request_id,
            const http::Responder& responder);

// For those within the server: an operation with all its checks, and SubmitJob of a task.
Result<json::Value> perform(std::string_view operation, const Call& call);
pawl::batch::Submit submitting(bool is_strict);
// Whose jobs a server has.
Place place_of(const Rooms& rooms);

http::Response fail(const aws::ServiceError& error, const std::string& request_id);

}  // namespace pawl::api::batch
