#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "api/action.h"
#include "aws/service_error.h"
#include "functions/target.h"
#include "http/server.h"
#include "json/value.h"

namespace pawl::api::lambda {

// What an operation is asked. Members of the input begin with a small letter, as the service's
// messages have them.
struct Asked {
  Rooms rooms;
  http::Request request;
  std::string request_id;
  functions::Target function;  // from the path; no name where that has none
  json::Value input;

  // Of the query; empty where absent.
  std::string query(std::string_view name) const;
};

struct Reply {
  int status = 200;
  json::Value body;  // null: none
};

struct Operation {
  std::string_view name, method;
  // "/2015-03-31/functions/{}/code": the braces stand for one piece, a function's name.
  std::string_view path;
  Result<Reply> (*action)(const Asked& asked) = nullptr;  // null: not offered
  bool is_slow = false;                                   // writes to the disk
  bool unpacks = false;                                   // a zip file, which may take long
};
std::span<const Operation> operations();

Result<Reply> create_function(const Asked& asked);
Result<Reply> delete_function(const Asked& asked);
Result<Reply> get_function(const Asked& asked);
Result<Reply> get_function_configuration(const Asked& asked);
Result<Reply> list_functions(const Asked& asked);
Result<Reply> update_function_code(const Asked& asked);
Result<Reply> update_function_configuration(const Asked& asked);
Result<Reply> put_function_concurrency(const Asked& asked);
Result<Reply> get_function_concurrency(const Asked& asked);
Result<Reply> delete_function_concurrency(const Asked& asked);
Result<Reply> get_account_settings(const Asked& asked);

// Invoke answers in its own way, and later.
void invoke(const Asked& asked, const http::Responder& responder);

// As `aws lambda` shows it.
std::string arn_of(const Asked& asked);
Error not_found(const Asked& asked);
// The service's InvalidParameterValueException.
Error invalid_parameter(std::string message);
aws::ServiceError server_is_stopping();
// As the service names the error.
aws::ServiceError service_error(const Error& error);

// The host of functions that run in processes. Error: this server has none.
Result<functions::processes::Host*> host_of(const Asked& asked);
// The function, where it is one that can be changed. Errors: it is not there, or built in.
Result<std::shared_ptr<const functions::processes::Definition>> changeable(const Asked& asked);

}  // namespace pawl::api::lambda
