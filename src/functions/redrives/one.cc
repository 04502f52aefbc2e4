#include <future>

#include "functions/redrives/redrives.h"

namespace pawl::functions {
namespace {

Result<Instant> redrive(engine::Engine& engine, const std::string& arn) {
  std::promise<Result<Instant>> answered;
  engine.ask(engine::RedriveExecution{arn},
             [&answered](Result<Instant> answer) { answered.set_value(std::move(answer)); });
  return answered.get_future().get();
}

asl::Outcome<json::Value> one(engine::Engine& engine, const Call& call) {
  const std::string arn = call.event.string_at("execution").value_or("");
  const auto answer = json::Value::object({{"execution", arn}});
  const auto row = engine.execution(arn);
  if (!row) return answer.with("redriven", false).with("reason", row.error().message());
  // Redriven since it was found: by this very task before a crash, or by somebody else.
  if (row->redrives != call.event.integer_at("redrives").value_or(0))
    return answer.with("redriven", true);
  const auto redriven = redrive(engine, arn);
  if (redriven) return answer.with("redriven", true);
  if (redriven.error().code() == ErrorCode::unavailable)
    return asl::Failure{"Pawl.Unavailable", redriven.error().message()};
  return answer.with("redriven", false).with("reason", redriven.error().message());
}

}  // namespace

Function redrive_one(engine::Engine& engine) {
  return {.name = "pawl-redrive-one",
          .description = "Begins an execution again where it failed",
          .body = [&engine](Call& call) { return one(engine, call); }};
}

}  // namespace pawl::functions
