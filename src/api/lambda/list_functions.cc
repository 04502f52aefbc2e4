#include "api/lambda/lambda.h"
#include "base/text.h"

namespace pawl::api::lambda {

void list_functions(const Rooms& rooms, const std::string& request_id,
                    const http::Responder& responder) {
  const auto& options = rooms.engine.options();
  json::Value::Array functions;
  for (const auto& [name, function] : rooms.functions.registry().all()) {
    const auto limit = std::chrono::duration_cast<seconds>(function.time_limit).count();
    functions.push_back(
        json::Value::object({{"FunctionName", name},
                             {"FunctionArn", concat("arn:aws:lambda:", options.region, ":",
                                                    options.account, ":function:", name)},
                             {"Description", function.description},
                             {"Timeout", limit},
                             {"Version", "$LATEST"},
                             {"PackageType", "Zip"}}));
  }
  responder(respond(200, json::Value::object({{"Functions", std::move(functions)}}), request_id));
}

}  // namespace pawl::api::lambda
