#include "functions/target.h"

#include <vector>

#include "base/arn.h"
#include "base/text.h"

namespace pawl::functions {
namespace {

using Fields = std::vector<std::string_view>;

std::optional<Arn> arn_of(std::string_view service, std::string_view text) {
  const auto arn = parse_arn(text);
  return arn && arn->partition.starts_with("aws") && arn->service == service ? arn : std::nullopt;
}

// Name and version from where they begin.
std::optional<Target> target_of(const Fields& fields, size_t begin) {
  const size_t count = fields.size() - begin;
  if (count < 1 || count > 2 || fields[begin].empty()) return std::nullopt;
  Target target{.name = std::string(fields[begin])};
  if (count == 2) target.version = fields[begin + 1];
  if (target.version.empty()) return std::nullopt;
  return target;
}

asl::Failure invalid(std::string cause) { return {"States.Runtime", std::move(cause)}; }

}  // namespace

std::string Target::arn(std::string_view execution_arn) const {
  const Arn execution = arn_of("states", execution_arn).value_or(Arn());
  const std::string_view in = region.empty() ? execution.region : region;
  const std::string_view of = account.empty() ? execution.account : account;
  const std::string arn = concat("arn:aws:lambda:", in, ":", of, ":function:", name);
  return version == "$LATEST" ? arn : concat(arn, ":", version);
}

std::optional<Target> parse_target(std::string_view text) {
  if (const auto arn = arn_of("lambda", text)) {
    const Fields pieces = arn->resource_pieces();
    auto target = pieces[0] == "function" ? target_of(pieces, 1) : std::nullopt;
    if (target) target->region = arn->region, target->account = arn->account;
    return target;
  }
  const Fields fields = split(text, ':');
  if (fields.size() > 2 && fields[1] == "function") {
    auto target = target_of(fields, 2);
    if (target) target->account = fields[0];
    return target;
  }
  return target_of(fields, 0);
}

bool is_function_arn(std::string_view resource) {
  return arn_of("lambda", resource) && parse_target(resource);
}

bool is_invoke_integration(std::string_view resource) {
  const auto arn = arn_of("states", resource);
  return arn && arn->region.empty() && arn->account.empty() && arn->resource == "lambda:invoke";
}

asl::Outcome<Invocation> parse_invocation(const json::Value& parameters) {
  if (!parameters.is_object()) return invalid("The parameters of lambda:invoke are not an object");
  for (const auto& [name, value] : parameters.members()) {
    const bool is_known = name == "FunctionName" || name == "Payload" || name == "Qualifier" ||
                          (name == "InvocationType" && (value == json::Value("RequestResponse") ||
                                                        value == json::Value("Event"))) ||
                          (name == "LogType" && value == json::Value("None"));
    if (!is_known)
      return invalid(
          concat("The parameter ", name, " of lambda:invoke, or its value, is not supported"));
  }
  const auto name = parameters.string_at("FunctionName");
  if (!name) return invalid("The parameter FunctionName of lambda:invoke is missing");
  auto target = parse_target(*name);
  if (!target) return invalid(concat("FunctionName is no name of a function: ", *name));
  if (const auto qualifier = parameters.string_at("Qualifier")) target->version = *qualifier;
  const json::Value* payload = parameters.find("Payload");
  return Invocation{std::move(*target), payload ? *payload : json::Value::object(),
                    parameters.string_at("InvocationType") != "Event"};
}

}  // namespace pawl::functions
