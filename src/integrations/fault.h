#pragma once

#include <string>
#include <string_view>

#include "asl/failure.h"
#include "base/error.h"

namespace pawl::integrations {

// How failures of a service are named. The service's own integrations speak as the first SDK for
// Java does, the others ("aws-sdk:…") as its second:
//
//   SQS.AmazonSQSException  "… (Service: AmazonSQS; Status Code: 400; Error Code: MissingParameter;
//                           Request ID: …; Proxy: null)"
//   Sfn.InvalidTokenException  "… (Service: Sfn, Status Code: 400, Request ID: …) (SDK Attempt …)"
struct Dialect {
  std::string_view prefix;   // "SQS", "Sfn"
  std::string_view service;  // "AmazonSQS", "Sfn"
  std::string_view general;  // of errors without a type of their own: "AmazonSQSException"
  bool is_second = false;
};

// An error as the service has answered it.
struct Fault {
  std::string code, message;
  int http_status = 0;
  std::string request_id;
};

asl::Failure failure(const Dialect& dialect, const Fault& fault);

// The service has not been reached, or has not answered.
asl::Failure failure(const Dialect& dialect, const Error& error);

}  // namespace pawl::integrations
