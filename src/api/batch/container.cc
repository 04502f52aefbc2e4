#include "api/batch/container.h"

#include "api/batch/members.h"
#include "base/text.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr std::string_view here = "host";

// Later ones of the same `key` take the place of earlier ones.
Value::Array merged(std::span<const Value> first, std::span<const Value> then,
                    std::string_view key) {
  Value::Object by_key;
  for (const auto& each : {first, then})
    for (const Value& element : each)
      by_key.push_back({element.string_at(key).value_or(""), element});
  Value::Array elements;
  const Value unique(std::move(by_key));
  for (const auto& [name, element] : unique.members()) elements.push_back(element);
  return elements;
}

// The older members for the same.
Value::Array requirements_of(const Value& given) {
  Value::Array older;
  if (const auto vcpus = given.integer_at("vcpus"))
    older.push_back(Value::object({{"value", concat(*vcpus)}, {"type", "VCPU"}}));
  if (const auto memory = given.integer_at("memory"))
    older.push_back(Value::object({{"value", concat(*memory)}, {"type", "MEMORY"}}));
  return merged(older, elements_of(given, "resourceRequirements"), "type");
}

Result<void> check(const Value& container) {
  for (const Value& variable : elements_of(container, "environment")) {
    const std::string name = variable.string_at("name").value_or("");
    if (name.empty() || name.find_first_of(std::string_view("=\0", 2)) != name.npos)
      return refused(concat("'", name, "' is no name of an environment variable"));
    if (name.starts_with("AWS_BATCH"))
      return refused(concat("the environment variable ", name,
                            ": names that begin with AWS_BATCH are the service's own"));
  }
  for (const Value& required : elements_of(container, "resourceRequirements")) {
    const auto number = parse_number(required["value"].string());
    const bool is_memory = required["type"] == "MEMORY";
    if (!number || !(*number > 0) || *number > 1e9 ||
        (is_memory && *number != static_cast<double>(static_cast<int64_t>(*number))))
      return refused(concat(
          "the resource requirement ", required["type"].string(), " = ", required["value"].string(),
          " is not ", is_memory ? "a whole number of MiB" : "a number of vCPUs", " above zero"));
  }
  return {};
}

}  // namespace

Result<Value> container_of(const Value& properties) {
  const std::string_view image = properties["image"].string();
  if (image != here)
    return refused(concat("the image ", image,
                          " cannot be run: commands run on the host itself, without a container, "
                          "which the image \"host\" says"));
  const auto copied = [&](std::string_view name) {
    const auto all = elements_of(properties, name);
    return Value::Array(all.begin(), all.end());
  };
  auto container = Value::object({{"image", here},
                                  {"command", copied("command")},
                                  {"volumes", Value::array()},
                                  {"environment", copied("environment")},
                                  {"mountPoints", Value::array()},
                                  {"ulimits", Value::array()},
                                  {"resourceRequirements", requirements_of(properties)},
                                  {"secrets", Value::array()}});
  TRY(check(container));
  return container;
}

}  // namespace pawl::api::batch
