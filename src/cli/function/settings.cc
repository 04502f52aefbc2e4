#include "cli/function/settings.h"

#include <filesystem>

#include "base/hash.h"
#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/verb.h"

namespace pawl::cli {

using json::Value;

void FunctionSettings::declare(Arguments& arguments) {
  arguments.option("--command", command_, "command line to start, for sh");
  arguments.option("--directory", directory_, "directory of the server's machine with the code");
  arguments.option("--zip", zip_, "zip file with the code");
  arguments.option("--runtime", runtime_, "provided.al2023, or python3.11 and the like");
  arguments.option("--handler", handler_, "MODULE.FUNCTION, for Python");
  arguments.option("--description", description_, "what it is for");
  arguments.option("--env", variables_, "NAME=VALUE in its environment; may be repeated");
  arguments.number("--memory", memory_mb_, {128, 10240}, "megabytes");
  arguments.number("--timeout", time_limit_s_, {1, 900}, "seconds that a call may take");
  arguments.option("--reserved", reserved_, "calls at once, reserved for it, or none");
}

Result<Value> FunctionSettings::code() const {
  if (!command_.empty() + !directory_.empty() + !zip_.empty() != 1)
    return Error(ErrorCode::invalid_argument,
                 "one of --command, --directory and --zip says where the code is");
  if (!command_.empty()) return Value::object({{"S3Bucket", "command"}, {"S3Key", command_}});
  if (!zip_.empty()) return Value::object({{"ZipFile", base64(TRY(read_text_file(zip_)))}});
  std::error_code error;
  const auto whole = std::filesystem::absolute(directory_, error);
  return Value::object({{"S3Bucket", "file"}, {"S3Key", error ? directory_ : whole.string()}});
}

Result<Value> FunctionSettings::settings() const {
  const auto calls = parse_integer(reserved_);
  if (has_reservation() && reserved_ != "none" && !(calls && *calls >= 0 && *calls <= 1'000'000))
    return Error(ErrorCode::invalid_argument,
                 concat("--reserved wants a number from 0 to 1000000, or none, not ", reserved_));
  Value::Object members;
  const auto add = [&](const char* name, const std::string& text) {
    if (!text.empty()) members.push_back({name, text});
  };
  add("Runtime", runtime_);
  add("Handler", handler_);
  add("Description", description_);
  if (memory_mb_) members.push_back({"MemorySize", *memory_mb_});
  if (time_limit_s_) members.push_back({"Timeout", *time_limit_s_});
  Value::Object variables;
  for (const std::string& variable : variables_) {
    const size_t at = variable.find('=');
    if (at == 0 || at == variable.npos)
      return Error(ErrorCode::invalid_argument, concat("--env wants NAME=VALUE, not ", variable));
    variables.push_back({variable.substr(0, at), variable.substr(at + 1)});
  }
  if (!variables.empty())
    members.push_back({"Environment", Value::object({{"Variables", std::move(variables)}})});
  return Value(std::move(members));
}

std::string function_path(const std::string& name, std::string_view rest) {
  return concat("/2015-03-31/functions/", http::encode_percent(name), rest);
}

Result<void> FunctionSettings::reserve(const Session& session, const std::string& name) const {
  if (reserved_.empty()) return {};
  const std::string path =
      concat("/2017-10-31/functions/", http::encode_percent(name), "/concurrency");
  if (reserved_ == "none") {
    TRY(session.client.call({.method = "DELETE", .path = path}));
    return {};
  }
  const Value calls = *parse_integer(reserved_);
  TRY(session.client.call({.method = "PUT",
                           .path = path,
                           .input = Value::object({{"ReservedConcurrentExecutions", calls}})}));
  return {};
}

}  // namespace pawl::cli
