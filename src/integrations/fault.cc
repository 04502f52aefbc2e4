#include "integrations/fault.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace pawl::integrations {
namespace {

// Errors of every service, which the SDKs have no types for.
constexpr std::array<std::string_view, 20> without_a_type{"AccessDenied",
                                                          "AccessDeniedException",
                                                          "ExpiredToken",
                                                          "ExpiredTokenException",
                                                          "IncompleteSignature",
                                                          "IncompleteSignatureException",
                                                          "InternalError",
                                                          "InternalFailure",
                                                          "InvalidParameterValue",
                                                          "InvalidSignatureException",
                                                          "MissingAuthenticationToken",
                                                          "MissingAuthenticationTokenException",
                                                          "MissingParameter",
                                                          "SerializationException",
                                                          "ServiceUnavailable",
                                                          "Throttling",
                                                          "ThrottlingException",
                                                          "UnknownOperationException",
                                                          "UnrecognizedClientException",
                                                          "ValidationException"};

std::string type_of(const Dialect& dialect, std::string_view code) {
  const bool has_type =
      !code.empty() && code.find_first_of(" .:/") == code.npos &&
      std::find(without_a_type.begin(), without_a_type.end(), code) == without_a_type.end();
  if (!has_type) return std::string(dialect.general);
  return concat(code, code.ends_with("Exception") ? "" : "Exception");
}

}  // namespace

asl::Failure failure(const Dialect& dialect, const Fault& fault) {
  const std::string request_id = fault.request_id.empty() ? "null" : fault.request_id;
  const std::string error = concat(dialect.prefix, ".", type_of(dialect, fault.code));
  if (dialect.is_second)
    return {error, concat(fault.message, " (Service: ", dialect.service,
                          ", Status Code: ", fault.http_status, ", Request ID: ", request_id,
                          ") (SDK Attempt Count: 1)")};
  return {error, concat(fault.message, " (Service: ", dialect.service,
                        "; Status Code: ", fault.http_status, "; Error Code: ", fault.code,
                        "; Request ID: ", request_id, "; Proxy: null)")};
}

asl::Failure failure(const Dialect& dialect, const Error& error) {
  const std::string_view type = error.code() != ErrorCode::timed_out ? "SdkClientException"
                                : dialect.is_second                  ? "ApiCallTimeoutException"
                                                    : "ClientExecutionTimeoutException";
  return {concat(dialect.prefix, ".", type),
          concat("Unable to execute HTTP request: ", error.message())};
}

}  // namespace pawl::integrations
