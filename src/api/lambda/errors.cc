#include "api/lambda/operation.h"
#include "base/text.h"

namespace pawl::api::lambda {
namespace {

std::string_view name_of(const Error& error) {
  if (!error.kind().empty()) return error.kind();
  switch (error.code()) {
    case ErrorCode::not_found:
      return "ResourceNotFoundException";
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return "ResourceConflictException";
    case ErrorCode::invalid_argument:
      return "InvalidParameterValueException";
    case ErrorCode::limit_exceeded:
      return "CodeStorageExceededException";
    default:
      return "ServiceException";
  }
}

int status_of(const Error& error) {
  if (error.kind() == "PreconditionFailedException") return 412;
  if (error.kind() == "CodeStorageExceededException") return 400;
  switch (error.code()) {
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::already_exists:
    case ErrorCode::conflict:
      return 409;
    case ErrorCode::invalid_argument:
    case ErrorCode::limit_exceeded:
    case ErrorCode::unsupported:
      return 400;
    case ErrorCode::permission_denied:
      return 403;
    case ErrorCode::unavailable:
      return 503;
    default:
      return 500;
  }
}

}  // namespace

// The checks of shapes put the name of their error before the message.
aws::ServiceError service_error(const Error& error) {
  const std::string text = error.text();
  for (const std::string_view name : {"ValidationException", "SerializationException"}) {
    const std::string mark = concat(name, ": ");
    if (text.starts_with(mark)) return {std::string(name), text.substr(mark.size())};
  }
  return {std::string(name_of(error)), text, status_of(error)};
}

Error not_found(const Asked& asked) {
  const std::string& version = asked.function.version;
  return Error(ErrorCode::not_found,
               concat("Function not found: ", arn_of(asked), version == "$LATEST" ? "" : ":",
                      version == "$LATEST" ? "" : version));
}

Error invalid_parameter(std::string message) {
  return Error(ErrorCode::invalid_argument, std::move(message));
}

aws::ServiceError server_is_stopping() {
  return {"ServiceException", "the server is stopping", 503};
}

}  // namespace pawl::api::lambda
