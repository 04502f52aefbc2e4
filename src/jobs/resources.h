#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/value.h"

namespace pawl::jobs {

// What jobs are submitted to, and made from: kept as their describe actions show them, with those
// members read out that decide something.

struct Environment {
  explicit Environment(json::Value shown);
  json::Value shown;
  std::string arn, name;
  bool is_enabled = false;
  double vcpus = 0;        // at once, at most
  std::string executor;    // the tag pawl:executor; "local" where there is none
  int64_t memory_mib = 0;  // the tag pawl:memory-mib; 0: no limit
};

struct Queue {
  explicit Queue(json::Value shown);
  json::Value shown;
  std::string arn, name;
  bool is_enabled = false;
  int64_t priority = 0;
  std::vector<std::string> environments;  // ARNs, in the order they are tried
  std::string policy;                     // the ARN of its scheduling policy; empty: first come
};

struct Policy {
  explicit Policy(json::Value shown);
  // How much of the queue a share's running vCPUs count: less is more.
  double weight(std::string_view share) const;
  json::Value shown;
  std::string arn, name;
};

struct Definition {
  explicit Definition(json::Value shown);
  json::Value shown;
  std::string arn, name;
  int64_t revision = 0;
  bool is_active = false;
};

}  // namespace pawl::jobs
