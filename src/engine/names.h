#pragma once

#include <string>
#include <string_view>

#include "engine/engine.h"

namespace pawl::engine {

// Whether a machine or an execution may be called so.
bool is_valid_name(std::string_view name);

std::string machine_arn(const Options& options, std::string_view name);
std::string activity_arn(const Options& options, std::string_view name);

// A machine's ARN with the version or the alias behind it, where there is one.
//
//   arn:aws:states:us-east-1:000000000000:stateMachine:restore:7
//   arn:aws:states:us-east-1:000000000000:stateMachine:restore:live
struct QualifiedArn {
  std::string machine_arn;
  int64_t version = 0;  // 0: none
  std::string alias;    // empty: none

  bool is_plain() const { return version == 0 && alias.empty(); }
};
// The version that an alias leads to, by its weights.
int64_t chosen_version(const std::vector<store::Route>& routes, uint64_t entropy);
QualifiedArn parse_machine_arn(std::string_view arn);
std::string version_arn(std::string_view machine_arn, int64_t version);
std::string alias_arn(std::string_view machine_arn, std::string_view name);

// An Express execution's name may be given again; the mark tells them apart.
std::string express_arn(std::string_view machine_arn, std::string_view name, std::string_view mark);
// Of an execution of the machine with this ARN.
std::string execution_arn(std::string_view machine_arn, std::string_view name);
// What stands behind the last colon.
std::string_view name_in_arn(std::string_view arn);

}  // namespace pawl::engine
