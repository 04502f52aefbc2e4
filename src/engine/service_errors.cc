#include "engine/service_errors.h"

#include "base/text.h"

namespace pawl::engine {
namespace {

Error quoted(ErrorCode code, std::string_view name, std::string_view words,
             std::string_view subject) {
  return Error(code, concat(name, ": ", words, ": '", subject, "'"));
}

}  // namespace

Error machine_does_not_exist(std::string_view arn) {
  return quoted(ErrorCode::not_found, "StateMachineDoesNotExist", "State Machine Does Not Exist",
                arn);
}

Error machine_already_exists(std::string_view arn) {
  return quoted(ErrorCode::already_exists, "StateMachineAlreadyExists",
                "State Machine Already Exists", arn);
}

Error machine_type_not_supported(std::string_view type) {
  return Error(ErrorCode::unsupported, concat("StateMachineTypeNotSupported: machines of type ",
                                              type, " are not supported, only STANDARD ones"));
}

Error invalid_definition(const std::vector<asl::Diagnostic>& diagnostics) {
  std::vector<std::string> findings;
  for (const asl::Diagnostic& each : diagnostics) {
    if (each.severity != asl::Severity::error) continue;
    findings.push_back(
        concat(each.code, ": ", each.message, " at ", each.location.empty() ? "/" : each.location));
  }
  return quoted(ErrorCode::invalid_argument, "InvalidDefinition",
                "Invalid State Machine Definition", join(findings, ", "));
}

Error definition_too_large(size_t bytes) {
  return quoted(
      ErrorCode::invalid_argument, "InvalidDefinition", "Invalid State Machine Definition",
      concat("it has ", bytes, " bytes, at most ", asl::definition_bytes_max, " are allowed"));
}

Error invalid_name(std::string_view name) {
  return quoted(ErrorCode::invalid_argument, "InvalidName", "Invalid Name", name);
}

Error missing_machine_change() {
  return Error(ErrorCode::invalid_argument,
               "MissingRequiredParameter: Either the definition, the role ARN, the "
               "LoggingConfiguration, or the TracingConfiguration must be specified");
}

Error execution_does_not_exist(std::string_view arn) {
  return quoted(ErrorCode::not_found, "ExecutionDoesNotExist", "Execution Does Not Exist", arn);
}

Error execution_already_exists(std::string_view arn) {
  return quoted(ErrorCode::already_exists, "ExecutionAlreadyExists", "Execution Already Exists",
                arn);
}

Error execution_limit_exceeded(size_t open_max) {
  return Error(ErrorCode::limit_exceeded,
               concat("ExecutionLimitExceeded: ", open_max,
                      " executions are open, the most there "
                      "may be"),
               "Wait until some have ended, or raise limits.open_executions.");
}

Error invalid_execution_input(std::string_view reason) {
  return quoted(ErrorCode::invalid_argument, "InvalidExecutionInput",
                "Invalid State Machine Execution Input", reason);
}

}  // namespace pawl::engine
