#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "asl/failure.h"
#include "json/value.h"

namespace pawl::functions {

// Which function a call means:
//
//   arn:aws:lambda:<region>:<account>:function:<name>[:<version>]
//   <account>:function:<name>[:<version>]
//   <name>[:<version>]
struct Target {
  std::string name;
  std::string version = "$LATEST";
  std::string region = {}, account = {};  // empty where not named

  // The ARN; what is not named is taken from the ARN of the execution that calls.
  std::string arn(std::string_view execution_arn) const;
};
std::optional<Target> parse_target(std::string_view text);

bool is_function_arn(std::string_view resource);
// arn:aws:states:::lambda:invoke
bool is_invoke_integration(std::string_view resource);

// The parameters of the invoke integration.
struct Invocation {
  Target target;
  json::Value payload;
  bool is_waited_for = true;  // InvocationType is not Event
};
asl::Outcome<Invocation> parse_invocation(const json::Value& parameters);

}  // namespace pawl::functions
