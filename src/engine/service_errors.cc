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

Error type_does_not_offer_this() {
  return Error(
      ErrorCode::unsupported,
      "StateMachineTypeNotSupported: This operation is not supported by this type of state "
      "machine");
}

Error stale_revision(std::string_view asked, std::string_view current) {
  return Error(
      ErrorCode::conflict,
      concat("ConflictException: Failed to publish the State Machine version for revision ", asked,
             ". The current State Machine revision is ", current, "."));
}

Error version_in_use(const std::vector<std::string>& aliases) {
  return Error(
      ErrorCode::conflict,
      concat("ConflictException: Version to be deleted must not be referenced by an alias. "
             "Current list of aliases referencing this version: [",
             join(aliases, ", "), "]"));
}

Error alias_already_exists() {
  return Error(ErrorCode::conflict,
               "ConflictException: Failed to create alias because an alias with the same name and "
               "a different routing configuration already exists.");
}

Error resource_not_found() {
  return Error(ErrorCode::not_found,
               "ResourceNotFound: Request references a resource that does not exist.");
}

Error resource_not_found(std::string_view arn) {
  return quoted(ErrorCode::not_found, "ResourceNotFound", "Resource not found", arn);
}

Error too_many_tags(std::string_view arn) {
  return quoted(ErrorCode::limit_exceeded, "TooManyTags", "Too many tags", arn);
}

Error quota_exceeded(std::string_view what) {
  return Error(ErrorCode::limit_exceeded, concat("ServiceQuotaExceededException: ", what));
}

Error invalid_request(std::string_view message) {
  return Error(ErrorCode::invalid_argument, concat("ValidationException: ", message));
}

Error activity_does_not_exist(std::string_view arn) {
  return quoted(ErrorCode::not_found, "ActivityDoesNotExist", "Activity Does Not Exist", arn);
}

Error activity_already_exists(std::string_view arn) {
  return quoted(ErrorCode::already_exists, "ActivityAlreadyExists", "Activity Already Exists", arn);
}

Error too_many_workers(size_t most) {
  return Error(ErrorCode::limit_exceeded,
               concat("ActivityWorkerLimitExceeded: ", most,
                      " workers are waiting for tasks, the most there may be"));
}

Error invalid_token() {
  return quoted(ErrorCode::invalid_argument, "InvalidToken", "Invalid Token", "Invalid token");
}

Error task_timed_out() {
  return quoted(ErrorCode::conflict, "TaskTimedOut", "Task Timed Out",
                "Provided task does not exist anymore");
}

Error task_does_not_exist() {
  return quoted(ErrorCode::not_found, "TaskDoesNotExist", "Task Does Not Exist",
                "Provided task does not exist");
}

Error execution_not_redrivable(std::string_view reason) {
  return Error(ErrorCode::conflict, concat("ExecutionNotRedrivable: ", reason));
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
