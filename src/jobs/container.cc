#include "jobs/container.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "jobs/shown.h"

namespace pawl::jobs {
namespace {

using json::Value;

// Entries of both, by the member that names them; those of `over` win.
Value merged_by(std::string_view key, const Value& under, const Value& over) {
  Value::Array all;
  const auto add = [&](const Value& entries) {
    if (!entries.is_array()) return;
    for (const Value& entry : entries.elements()) {
      const auto same =
          std::ranges::find_if(all, [&](const Value& other) { return other[key] == entry[key]; });
      if (same != all.end())
        *same = entry;
      else
        all.push_back(entry);
    }
  };
  add(under);
  add(over);
  return all;
}

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-';
}

// "Job definition parameters", Parameters.
std::string with_parameters(std::string_view word, const Value& parameters) {
  constexpr std::string_view reference = "Ref::";
  std::string out;
  for (size_t at = 0; at < word.size();) {
    const size_t found = std::min(word.find(reference, at), word.size());
    size_t end = std::min(found + reference.size(), word.size());
    out += word.substr(at, found - at);
    while (end < word.size() && is_of_name(word[end])) ++end;
    const auto whole = word.substr(found, end - found);
    const auto name = whole.substr(std::min(reference.size(), whole.size()));
    out += parameters.string_at(name).value_or(std::string(whole));
    at = end;
  }
  return out;
}

Value command_with(const Value& command, const Value& parameters) {
  if (!command.is_array()) return Value::array();
  Value::Array words;
  for (const Value& word : command.elements())
    words.push_back(with_parameters(word.string(), parameters));
  return words;
}

// The older members, as what they stand for.
Value requirements_of(const Value& given) {
  Value::Array older;
  if (const auto vcpus = given.integer_at("vcpus"))
    older.push_back(Value::object({{"value", concat(*vcpus)}, {"type", "VCPU"}}));
  if (const auto memory = given.integer_at("memory"))
    older.push_back(Value::object({{"value", concat(*memory)}, {"type", "MEMORY"}}));
  return merged_by("type", older, given["resourceRequirements"]);
}

Result<void> check_strings(const Value& list, std::string_view what) {
  if (list.is_null()) return {};
  const bool is_right = list.is_array() && std::ranges::all_of(list.elements(), &Value::is_string);
  if (!is_right) return refused(concat(what, " must be a list of texts"));
  for (const Value& word : list.elements())
    if (word.string().find('\0') != std::string_view::npos)
      return refused(concat(what, " must not have a NUL"));
  return {};
}

// A positive number written as text.
Result<void> check_requirement(const Value& required) {
  const std::string type = required.string_at("type").value_or("");
  const auto amount = parse_number(required.string_at("value").value_or(""));
  if (type != "VCPU" && type != "MEMORY")
    return refused(concat("resource requirement ", type, " is not offered; VCPU and MEMORY are"));
  if (!amount || !(*amount > 0) || *amount > 1e9)
    return refused(concat("resource requirement ", type, " must be a number above 0"));
  if (type == "MEMORY" && *amount != std::floor(*amount))
    return refused("resource requirement MEMORY must be whole MiB");
  return {};
}

Result<void> check_variables(const Value& variables) {
  if (!variables.is_array()) return {};
  for (const Value& variable : variables.elements()) {
    const std::string name = variable.string_at("name").value_or("");
    const bool is_whole =
        !name.empty() && name.find_first_of(std::string_view("=\0", 2)) == std::string::npos;
    if (!is_whole || variable.string_at("value").value_or("").find('\0') != std::string::npos)
      return refused(concat("environment variable '", name, "' is not valid"));
    if (name.starts_with("AWS_BATCH"))
      return refused(concat("environment variable ", name,
                            " is reserved: names that begin with AWS_BATCH are the service's"));
  }
  return {};
}

// What a program may be given: Linux takes 128 KiB in one word, and about 2 MiB of all.
Result<void> check_size(const Value& words, const Value& variables) {
  constexpr size_t word_max = 128 << 10, all_max = 1 << 20;
  size_t all = variables.text_size();
  for (const Value& word : words.elements()) {
    all += word.size();
    if (word.size() >= word_max)
      return refused(concat("a word of the command has ", word.size(), " bytes; ", word_max - 1,
                            " are the most"));
  }
  if (all > all_max)
    return refused(
        concat("command and environment have ", all, " bytes; ", all_max, " are the most"));
  return {};
}

// An empty list of words says nothing.
Value command_of(const Value& properties, const Value& overrides) {
  return overrides["command"].size() > 0 ? overrides["command"] : properties["command"];
}

}  // namespace

Result<Value> container_of(const Value& properties, const Overriding& overriding) {
  const Value& overrides = overriding.overrides;
  const Value command = command_of(properties, overrides);
  TRY(check_strings(command, "command"));
  const Value variables = merged_by("name", properties["environment"], overrides["environment"]);
  const Value required = merged_by("type", requirements_of(properties), requirements_of(overrides));
  TRY(check_variables(variables));
  for (const Value& each : required.elements()) TRY(check_requirement(each));
  const Value words = command_with(command, overriding.parameters);
  TRY(check_size(words, variables));
  return properties.without("vcpus").without("memory").merged(
      Value::object(
          {{"command", words}, {"environment", variables}, {"resourceRequirements", required}})
          .members());
}

}  // namespace pawl::jobs
