#pragma once

#include <map>
#include <string>

#include "json/value.h"

namespace pawl::bench {

// What a connection asks for, again and again, each time when it has its answer.
enum class Question { readiness, start, describe, history, invoke };

// So many connections of each kind to a real server, for so long: answers a second, and latencies.
// Signed where the environment has AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. The machine to be
// started, and the execution to be asked about, are named by their ARNs, a function by its name.
struct Load {
  std::string host;
  int port = 0;
  std::map<Question, int64_t> connections;
  double seconds = 0;
  std::string machine_arn = {}, execution_arn = {}, function = {};
};
json::Value http_load(const Load& load);

}  // namespace pawl::bench
