#include "functions/processes/definition.h"

#include <unistd.h>

#include <array>

#include "base/text.h"
#include "functions/processes/python.h"
#include "functions/processes/pythons.h"

namespace pawl::functions::processes {
namespace {

using json::Value;

constexpr std::array<std::string_view, 3> kinds{"archive", "directory", "command"};

Value shown(const std::map<std::string, std::string>& variables) {
  Value::Object members;
  for (const auto& [name, value] : variables) members.push_back({name, value});
  return members;
}

std::optional<Code> code_from(const Value& value) {
  const std::string kind = value.string_at("kind").value_or("");
  for (size_t number = 0; number < kinds.size(); ++number) {
    if (kinds[number] != kind) continue;
    return Code{static_cast<Code::Kind>(number), value.string_at("place").value_or(""),
                value.string_at("sha256").value_or(""),
                static_cast<uint64_t>(value.integer_at("bytes").value_or(0))};
  }
  return std::nullopt;
}

}  // namespace

Value to_json(const Definition& definition) {
  const Code& code = definition.code;
  Value value =
      Value::object({{"name", definition.name},
                     {"description", definition.description},
                     {"role", definition.role},
                     {"runtime", definition.runtime},
                     {"handler", definition.handler},
                     {"environment", shown(definition.environment)},
                     {"memory_mb", definition.memory_mb},
                     {"time_limit_s", definition.time_limit.count()},
                     {"code", Value::object({{"kind", kinds[static_cast<size_t>(code.kind)]},
                                             {"place", code.place},
                                             {"sha256", code.sha256},
                                             {"bytes", code.bytes}})},
                     {"revision", definition.revision},
                     {"modified", format_instant(definition.modified)}});
  if (definition.reserved_concurrency)
    value = value.with("reserved_concurrency", *definition.reserved_concurrency);
  return value;
}

Result<Definition> definition_from(const Value& value) {
  const auto code = code_from(value["code"]);
  const auto modified = parse_instant(value.string_at("modified").value_or(""));
  const auto name = value.string_at("name");
  if (!code || !modified || !name || !value["environment"].is_object())
    return Error(ErrorCode::corrupt, "this is no definition of a function");
  Definition definition;
  definition.name = *name;
  definition.description = value.string_at("description").value_or("");
  definition.role = value.string_at("role").value_or("");
  definition.runtime = value.string_at("runtime").value_or("");
  definition.handler = value.string_at("handler").value_or("");
  const Value environment = value["environment"];
  for (const auto& [variable, text] : environment.members())
    if (text.is_string()) definition.environment.emplace(variable, text.string());
  definition.memory_mb = value.integer_at("memory_mb").value_or(128);
  definition.time_limit = seconds(value.integer_at("time_limit_s").value_or(3));
  if (const auto reserved = value.integer_at("reserved_concurrency"))
    definition.reserved_concurrency = static_cast<int>(*reserved);
  definition.code = *code;
  definition.revision = value.string_at("revision").value_or("");
  definition.modified = *modified;
  return definition;
}

bool is_python(std::string_view runtime) {
  constexpr std::string_view python = "python3.";
  return runtime.starts_with(python) && parse_integer(runtime.substr(python.size())).has_value();
}

bool is_runtime(std::string_view runtime) {
  return runtime == "provided" || runtime == "provided.al2" || runtime == "provided.al2023" ||
         is_python(runtime);
}

Error name_is_taken(const std::string& name) {
  return Error(ErrorCode::already_exists, concat("Function already exist: ", name));
}

Result<std::vector<std::string>> command_of(const Definition& definition,
                                            const std::string& task_root, Pythons& pythons) {
  if (definition.code.kind == Code::Kind::command)
    return std::vector<std::string>{"/bin/sh", "-c", concat("exec ", definition.code.place)};
  if (is_python(definition.runtime))
    return std::vector<std::string>{TRY(pythons.program_for(definition.runtime)), "-c",
                                    std::string(python_bootstrap())};
  const std::string bootstrap = task_root + "/bootstrap";
  if (::access(bootstrap.c_str(), X_OK) == 0) return std::vector<std::string>{bootstrap};
  if (::access(bootstrap.c_str(), F_OK) == 0)
    return Error(ErrorCode::permission_denied,
                 concat("fork/exec ", bootstrap, ": permission denied"));
  return Error(ErrorCode::not_found, concat("Couldn't find valid bootstrap(s): [", bootstrap, "]"));
}

}  // namespace pawl::functions::processes
