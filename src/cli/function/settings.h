#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "json/value.h"

namespace pawl::cli {

struct Session;

// What `function create` and `function update` take: where the code is, and the settings.
class FunctionSettings {
 public:
  void declare(Arguments& arguments);

  bool has_code() const { return !command_.empty() || !directory_.empty() || !zip_.empty(); }
  // As the Lambda API takes the code. Error: several are given, or the zip file cannot be read.
  Result<json::Value> code() const;
  // Those that are given, as the Lambda API names them. Error: a variable without "=", or a
  // reservation that is no number.
  Result<json::Value> settings() const;
  bool has_reservation() const { return !reserved_.empty(); }
  // Reserves what is said, or takes the reservation away. REQUIRES: settings() has no error.
  Result<void> reserve(const Session& session, const std::string& name) const;

 private:
  std::string command_, directory_, zip_, runtime_, handler_, description_, reserved_;
  std::vector<std::string> variables_;
  std::optional<int64_t> memory_mb_, time_limit_s_;
};

// "/2015-03-31/functions/<name>" and what comes behind it.
std::string function_path(const std::string& name, std::string_view rest = {});

}  // namespace pawl::cli
