#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "json/value.h"

namespace pawl::cli {

// What `function create` and `function update` take: where the code is, and the settings.
class FunctionSettings {
 public:
  void declare(Arguments& arguments);

  bool has_code() const { return !command_.empty() || !directory_.empty() || !zip_.empty(); }
  // As the Lambda API takes the code. Error: several are given, or the zip file cannot be read.
  Result<json::Value> code() const;
  // Those that are given, as the Lambda API names them. Error: a variable without "=".
  Result<json::Value> settings() const;
  const std::optional<int64_t>& reserved() const { return reserved_; }

 private:
  std::string command_, directory_, zip_, runtime_, handler_, description_;
  std::vector<std::string> variables_;
  std::optional<int64_t> memory_mb_, time_limit_s_, reserved_;
};

// "/2015-03-31/functions/<name>" and what comes behind it.
std::string function_path(const std::string& name, std::string_view rest = {});
// Reserves so many calls at once for the function.
struct Session;
Result<void> reserve(const Session& session, const std::string& name, int64_t calls);

}  // namespace pawl::cli
