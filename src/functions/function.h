#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "asl/failure.h"
#include "base/time.h"
#include "engine/tasks.h"
#include "json/value.h"
#include "world/cancellation.h"

namespace pawl::functions {

// One call of a function.
struct Call {
  std::string request_id;  // stable over a crash: the id of the task's effect
  std::string function_name;
  std::string execution_arn, execution_name;  // empty where invoked directly
  int64_t attempt = 0;
  Instant deadline;
  json::Value event;
  const world::Cancellation& cancellation;  // requested at the time limit, on stop and on cancel
  std::function<void(engine::Progress)> progress;
};

// A built-in function, registered under arn:aws:lambda:<region>:<account>:function:<name>.
struct Function {
  std::string name;
  std::string description;
  Duration time_limit = seconds(900);
  int concurrency = 0;  // calls at once; 0: only the account's limit
  std::function<asl::Outcome<json::Value>(Call&)> body;
};

class Registry {
 public:
  // REQUIRES: the name is free.
  void add(Function function);
  const Function* find(std::string_view name) const;
  const std::map<std::string, Function, std::less<>>& all() const { return functions_; }

 private:
  std::map<std::string, Function, std::less<>> functions_;
};

}  // namespace pawl::functions
