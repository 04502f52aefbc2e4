#include <gtest/gtest.h>

#include "aws/json_protocol.h"

namespace pawl::aws {
namespace {

TEST(service_error, is_the_one_the_message_names) {
  const auto named = service_error(Error(ErrorCode::not_found, "ExecutionDoesNotExist: no such"));
  EXPECT_EQ(named.code, "ExecutionDoesNotExist");
  EXPECT_EQ(named.message, "no such");
  EXPECT_EQ(named.http_status, 400);
}

TEST(service_error, is_named_by_the_code_where_the_message_names_none) {
  EXPECT_EQ(service_error(Error(ErrorCode::invalid_argument, "Value: is wrong")).code, "Value");
  EXPECT_EQ(service_error(Error(ErrorCode::invalid_argument, "value: is wrong")).code,
            "ValidationException");
  EXPECT_EQ(service_error(Error(ErrorCode::unavailable, "the loop has stopped")).http_status, 503);
  EXPECT_EQ(service_error(Error(ErrorCode::unavailable, "Named: it stops")).http_status, 503);
  EXPECT_EQ(service_error(Error(ErrorCode::failed, "x")).code, "InternalFailure");
}

TEST(json_protocol, finds_service_and_operation_in_the_target) {
  http::Request request;
  EXPECT_EQ(target_of(request).service, "");
  request.headers = {{"x-amz-target", "AWSStepFunctions.StartExecution"}};
  EXPECT_EQ(target_of(request).service, "AWSStepFunctions");
  EXPECT_EQ(target_of(request).operation, "StartExecution");
}

TEST(json_protocol, refuses_bodies_that_are_no_object) {
  http::Request request;
  EXPECT_TRUE(input_of(request));
  for (const char* body : {"[]", "{", "1"}) {
    request.body = body;
    const auto input = input_of(request);
    ASSERT_FALSE(input) << body;
    EXPECT_EQ(service_error(input.error()).code, "SerializationException");
  }
}

}  // namespace
}  // namespace pawl::aws
