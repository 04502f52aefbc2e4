#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "jobs/event.h"
#include "json/value.h"

namespace pawl::jobs {

// What must be made durable, in order.
struct JobOpened {
  int64_t number = 0;
  json::Value shown;
};
struct JobChanged {
  int64_t number = 0;
  Event event;
};
struct JobForgotten {
  int64_t number = 0;
};

enum class ResourceKind : char { environment = 'e', queue = 'q', policy = 'p', definition = 'd' };
struct ResourcePut {
  ResourceKind kind;
  json::Value shown;
};
struct ResourceDeleted {
  ResourceKind kind;
  std::string arn;
};
using Change = std::variant<JobOpened, JobChanged, JobForgotten, ResourcePut, ResourceDeleted>;

}  // namespace pawl::jobs
