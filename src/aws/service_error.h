#pragma once

#include <string>

#include "base/result.h"

namespace pawl::aws {

// An error as an AWS service answers it: the name SDKs turn into an exception, and the message.
struct ServiceError {
  std::string code;
  std::string message;
  int http_status = 400;
};

// The service error an error of ours stands for. A message that begins with the name of a service
// error ("ExecutionDoesNotExist: …") is that one; other errors are named by their code.
ServiceError service_error(const Error& error);

}  // namespace pawl::aws
