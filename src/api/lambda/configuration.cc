#include "api/lambda/configuration.h"

#include <algorithm>
#include <filesystem>

#include "api/shape.h"
#include "base/hash.h"
#include "base/text.h"
#include "world/files.h"

namespace pawl::api::lambda {
namespace {

using functions::processes::Code;
using functions::processes::CodeSource;
using functions::processes::Definition;
using json::Value;

#ifdef __aarch64__
constexpr std::string_view architecture = "arm64";
#else
constexpr std::string_view architecture = "x86_64";
#endif

constexpr uint64_t zip_bytes_max = 50 << 20;
constexpr size_t environment_bytes_max = 4096;

// What the service sets itself.
constexpr std::string_view reserved_variables[] = {
    "_HANDLER",
    "_X_AMZN_TRACE_ID",
    "AWS_DEFAULT_REGION",
    "AWS_EXECUTION_ENV",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
    "AWS_LAMBDA_FUNCTION_NAME",
    "AWS_LAMBDA_FUNCTION_VERSION",
    "AWS_LAMBDA_INITIALIZATION_TYPE",
    "AWS_LAMBDA_LOG_GROUP_NAME",
    "AWS_LAMBDA_LOG_STREAM_NAME",
    "AWS_LAMBDA_RUNTIME_API",
    "AWS_REGION",
    "LAMBDA_RUNTIME_DIR",
    "LAMBDA_TASK_ROOT",
};
// It does so from a role, which functions have none of here: theirs may be given to them.
constexpr std::string_view variables_of_role[] = {"AWS_ACCESS_KEY", "AWS_ACCESS_KEY_ID",
                                                  "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};

bool is_reserved(std::string_view variable, bool is_strict) {
  return std::ranges::count(reserved_variables, variable) > 0 ||
         (is_strict && std::ranges::count(variables_of_role, variable) > 0);
}

bool is_function_name(std::string_view name) {
  return std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

bool has_no_blanks(std::string_view text) {
  return std::none_of(text.begin(), text.end(), [](unsigned char c) { return std::isspace(c); });
}

// "2026-11-21T18:04:11.123+0000".
std::string shown_moment(Instant moment) {
  std::string text = format_instant(moment);
  if (text.ends_with('Z')) text.pop_back();
  return text + "+0000";
}

Value shown_environment(const Definition& definition) {
  Value::Object variables;
  for (const auto& [name, value] : definition.environment) variables.push_back({name, value});
  return Value::object({{"Variables", std::move(variables)}});
}

// What is not offered may be named where it says nothing else than what holds anyway.
Result<void> check_fixed(const Value& input) {
  const auto refuse = [](std::string_view what) {
    return invalid_parameter(concat(what, " is not supported"));
  };
  if (input.boolean_at("publish").value_or(false)) return refuse("Publish");
  if (input.string_at("packageType").value_or("Zip") != "Zip") return refuse("PackageType Image");
  if (input["tracingConfig"].string_at("mode").value_or("PassThrough") != "PassThrough")
    return refuse("TracingConfig");
  if (input["tags"].size() > 0) return refuse("Tags");
  if (const Value list = input["architectures"]; list.is_array())
    for (const Value& each : list.elements())
      if (!(each == Value(architecture)))
        return refuse(concat("an architecture other than ", architecture));
  return {};
}

Result<std::map<std::string, std::string>> environment_of(const Value& variables, bool is_strict) {
  std::map<std::string, std::string> environment;
  if (!variables.is_object()) return environment;
  constexpr std::string_view refused =
      "Lambda was unable to configure your environment variables because the environment variables "
      "you have provided ";
  std::vector<std::string> reserved;
  size_t bytes = 0;
  for (const auto& [name, value] : variables.members()) {
    if (!value.is_string() || name.empty() || name.find('=') != name.npos)
      return invalid_parameter(concat("the environment variable ", name, " is none"));
    if (is_reserved(name, is_strict)) reserved.push_back(name);
    environment.emplace(name, value.string());
    bytes += name.size() + value.string().size();
  }
  if (!reserved.empty())
    return invalid_parameter(concat(
        refused,
        "contains reserved keys that are currently not supported for modification. Reserved keys "
        "used in this request: ",
        join(reserved, ", ")));
  if (bytes > environment_bytes_max)
    return invalid_parameter(concat(refused, "exceeded the 4KB limit"));
  return environment;
}

Result<CodeSource> local_code(const std::string& path) {
  if (!path.starts_with('/'))
    return invalid_parameter(
        concat("S3Key must be an absolute path in the bucket \"file\", not ", path));
  if (world::is_directory(path)) return CodeSource{Code::Kind::directory, {}, path};
  // Nobody may ever write into a pipe, and all other changes wait behind this one.
  if (!std::filesystem::is_regular_file(path))
    return invalid_parameter(concat(path, " is neither a directory nor a file"));
  auto bytes = world::read_file(path, zip_bytes_max);
  if (!bytes) return invalid_parameter(bytes.error().text());
  return CodeSource{Code::Kind::archive, *std::move(bytes), {}};
}

}  // namespace

Value configuration(const Asked& asked, const Definition& definition) {
  Asked named = asked;
  named.function.name = definition.name;
  Value::Object members{{"FunctionName", definition.name},
                        {"FunctionArn", arn_of(named)},
                        {"Runtime", definition.runtime},
                        {"Role", definition.role},
                        {"Handler", definition.handler},
                        {"CodeSize", definition.code.bytes},
                        {"Description", definition.description},
                        {"Timeout", definition.time_limit.count()},
                        {"MemorySize", definition.memory_mb},
                        {"LastModified", shown_moment(definition.modified)},
                        {"CodeSha256", definition.code.sha256},
                        {"Version", "$LATEST"},
                        {"TracingConfig", Value::object({{"Mode", "PassThrough"}})},
                        {"RevisionId", definition.revision},
                        {"State", "Active"},
                        {"LastUpdateStatus", "Successful"},
                        {"PackageType", "Zip"},
                        {"Architectures", Value::array({architecture})}};
  if (!definition.environment.empty())
    members.push_back({"Environment", shown_environment(definition)});
  return members;
}

Value configuration(const Asked& asked, const functions::Function& built_in) {
  Asked named = asked;
  named.function.name = built_in.name;
  const auto limit = std::chrono::duration_cast<seconds>(built_in.time_limit).count();
  return Value::object({{"FunctionName", built_in.name},
                        {"FunctionArn", arn_of(named)},
                        {"Description", built_in.description},
                        {"Timeout", limit},
                        {"Version", "$LATEST"},
                        {"PackageType", "Zip"},
                        {"State", "Active"},
                        {"LastUpdateStatus", "Successful"}});
}

Result<void> refuse_others(const Value& input, std::span<const std::string_view> known) {
  for (const auto& [name, value] : input.members())
    if (std::find(known.begin(), known.end(), name) == known.end())
      return invalid_parameter(concat("the parameter ", name, " is not supported"));
  return {};
}

Result<void> check_settings(const Value& input, bool is_new) {
  static constexpr std::string_view known[] = {
      "functionName", "runtime", "role",       "handler",       "code",
      "description",  "timeout", "memorySize", "publish",       "environment",
      "packageType",  "tags",    "revisionId", "tracingConfig", "architectures"};
  TRY(refuse_others(input, known));
  const Member members[] = {
      {.name = "functionName",
       .is_required = is_new,
       .least = 1,
       .most = 64,
       .pattern = "[a-zA-Z0-9-_]+",
       .matches = is_function_name},
      {.name = "role", .is_required = is_new},
      {.name = "code", .kind = Kind::structure, .is_required = is_new},
      {.name = "runtime"},
      {.name = "handler", .most = 128, .pattern = "[^\\s]+", .matches = has_no_blanks},
      {.name = "description", .most = 256},
      {.name = "timeout", .kind = Kind::number, .least = 1, .most = 900},
      {.name = "memorySize", .kind = Kind::number, .least = 128, .most = 10240},
      {.name = "environment", .kind = Kind::structure},
      {.name = "tracingConfig", .kind = Kind::structure},
      {.name = "architectures", .kind = Kind::list, .members = {}},
      {.name = "publish", .kind = Kind::boolean},
  };
  TRY(check_shape(input.without("architectures"), members));
  return check_fixed(input);
}

Result<void> apply_settings(const Asked& asked, Definition& into) {
  const Value& input = asked.input;
  if (const auto runtime = input.string_at("runtime")) {
    if (!functions::processes::is_runtime(*runtime))
      return invalid_parameter(
          concat("Value ", *runtime,
                 " at 'runtime' failed to satisfy constraint: Member must "
                 "satisfy enum value set: [provided, provided.al2, provided.al2023, python3.x]"));
    into.runtime = *runtime;
  }
  into.role = input.string_at("role").value_or(into.role);
  into.handler = input.string_at("handler").value_or(into.handler);
  into.description = input.string_at("description").value_or(into.description);
  into.time_limit = seconds(input.integer_at("timeout").value_or(into.time_limit.count()));
  into.memory_mb = input.integer_at("memorySize").value_or(into.memory_mb);
  if (const Value environment = input["environment"]; environment.is_object())
    into.environment = TRY(environment_of(environment["variables"], asked.rooms.is_strict));
  return {};
}

Result<CodeSource> code_of(const Value& code) {
  static constexpr std::string_view known[] = {"zipFile", "s3Bucket", "s3Key"};
  TRY(refuse_others(code, known));
  if (const auto zip = code.string_at("zipFile")) {
    CodeSource source;
    if (!parse_base64(*zip, source.bytes)) return invalid_parameter("ZipFile is not base64");
    if (source.bytes.empty()) return invalid_parameter("Uploaded file must be a non-empty zip");
    return source;
  }
  const std::string bucket = code.string_at("s3Bucket").value_or("");
  const std::string key = code.string_at("s3Key").value_or("");
  if (bucket.empty() || key.empty())
    return invalid_parameter("Please provide a source for function code.");
  if (bucket == "file") return local_code(key);
  if (bucket == "command") return CodeSource{Code::Kind::command, {}, key};
  return invalid_parameter(
      concat("code from the bucket ", bucket,
             " is not supported; send a zip file, or name the "
             "bucket \"file\" for a directory or zip file of this machine, or \"command\""));
}

Result<void> check_revision(const Value& input, const Definition& definition) {
  const auto wanted = input.string_at("revisionId");
  if (!wanted || *wanted == definition.revision) return {};
  return Error(ErrorCode::conflict,
               "The Revision Id provided does not match the latest Revision Id. Call the "
               "GetFunction/GetAlias API to retrieve the latest Revision Id")
      .with_kind("PreconditionFailedException");
}

}  // namespace pawl::api::lambda
