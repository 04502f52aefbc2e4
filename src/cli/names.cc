#include "cli/names.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iostream>
#include <sstream>

#include "base/text.h"
#include "cli/units.h"

namespace pawl::cli {
namespace {

using json::Value;

Result<std::vector<Value>> all_machines(const Client& client) {
  return client.list("AWSStepFunctions.ListStateMachines", Value::object({{"maxResults", 1000}}),
                     "stateMachines", [](const Value&) { return true; });
}

std::string execution_of(const std::string& machine_arn, std::string_view name) {
  return concat(replace_all(machine_arn, ":stateMachine:", ":execution:"), ":", name);
}

// A version of a machine is a number; an alias has to be known to the service.
Result<std::string> qualified_arn(const Client& client, const std::string& machine,
                                  const std::string& qualifier) {
  const std::string arn = concat(TRY(machine_arn(client, machine)), ":", qualifier);
  if (parse_integer(qualifier)) return arn;
  const auto found = client.call("AWSStepFunctions.DescribeStateMachineAlias",
                                 Value::object({{"stateMachineAliasArn", arn}}));
  if (found) return arn;
  if (found.error().code() == ErrorCode::unavailable) return found.error();
  return Error(ErrorCode::not_found,
               concat("machine \"", machine, "\" has no alias \"", qualifier, "\""));
}

}  // namespace

Result<std::string> machine_arn(const Client& client, const std::string& name) {
  if (name.starts_with("arn:")) return name;
  if (const size_t colon = name.find(':'); colon != name.npos) {
    return qualified_arn(client, name.substr(0, colon), name.substr(colon + 1));
  }
  std::vector<std::string> names;
  for (const Value& machine : TRY(all_machines(client))) {
    names.push_back(machine.string_at("name").value_or(""));
    if (names.back() == name) return machine.string_at("stateMachineArn").value_or("");
  }
  const auto meant = nearest(name, names);
  return Error(ErrorCode::not_found, concat("machine \"", name, "\" does not exist"),
               meant ? concat("Did you mean \"", *meant, "\"?")
                     : std::string("`pawl machine list` shows what there is."));
}

Result<std::string> execution_arn(const Client& client, const std::string& name) {
  if (name.starts_with("arn:")) return name;
  if (const size_t slash = name.find('/'); slash != name.npos) {
    // Executions belong to the machine, whichever alias they were started by. A child of a map is
    // named as it is listed: MACHINE/LABEL and its own name.
    const std::string machine = name.substr(0, std::min(slash, name.find(':')));
    const size_t last = name.rfind('/');
    const std::string label = name.substr(slash, last - slash);
    return execution_of(TRY(machine_arn(client, machine)) + label, name.substr(last + 1));
  }
  std::vector<Value> machines = TRY(all_machines(client));
  std::stable_partition(machines.begin(), machines.end(), [](const Value& machine) {
    return machine.string_at("name").value_or("").starts_with("restore");
  });
  for (const Value& machine : machines) {
    const auto arn = execution_of(machine.string_at("stateMachineArn").value_or(""), name);
    const auto found =
        client.call("AWSStepFunctions.DescribeExecution",
                    Value::object({{"executionArn", arn}, {"includedData", "METADATA_ONLY"}}));
    if (found) return arn;
    if (found.error().code() != ErrorCode::not_found) return found.error();
  }
  return Error(ErrorCode::not_found, concat("execution \"", name, "\" does not exist"),
               "`pawl execution list` shows what there is.");
}

std::string name_of(const std::string& arn) { return arn.substr(arn.rfind(':') + 1); }

bool is_shipped(std::string_view machine) {
  return machine == "restore" || machine == "restore-batch";
}

Result<std::string> read_text_file(const std::string& path) {
  std::ifstream stream(path);
  std::stringstream text;
  if (stream) text << stream.rdbuf();
  if (stream && !text.fail()) return text.str();
  // A file of no bytes fails the insertion, but it can be read.
  if (stream && stream.peek() == std::ifstream::traits_type::eof() && stream.eof()) {
    return std::string();
  }
  const int number = errno == 0 ? EIO : errno;
  if (number == ENOENT) {
    return Error(ErrorCode::not_found, concat("file ", path, " does not exist"));
  }
  return errno_error(concat("cannot read ", path), number);
}

std::string source_of(const std::string& argument) {
  if (argument == "-" || argument == "@-") return "standard input";
  return argument.starts_with("@") ? argument.substr(1) : "--input";
}

Result<std::string> text_argument(const std::string& argument) {
  if (argument == "-" || argument == "@-") {
    std::stringstream text;
    text << std::cin.rdbuf();
    return text.str();
  }
  return argument.starts_with("@") ? read_text_file(argument.substr(1))
                                   : Result<std::string>(argument);
}

}  // namespace pawl::cli
