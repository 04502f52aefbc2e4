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

// A machine as it is listed, with its type.
Result<Value> machine_named(const Client& client, const std::string& name) {
  std::vector<std::string> names;
  for (const Value& machine : TRY(all_machines(client))) {
    names.push_back(machine.string_at("name").value_or(""));
    if (names.back() == name) return machine;
  }
  const auto meant = nearest(name, names);
  return Error(ErrorCode::not_found, concat("machine \"", name, "\" does not exist"),
               meant ? concat("Did you mean \"", *meant, "\"?")
                     : std::string("`pawl machine list` shows what there is."));
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

bool is_express(const Value& machine) { return machine.string_at("type") == "EXPRESS"; }

// Executions of an Express machine may share a name, and their ARNs say more than it.
Result<std::string> express_execution(const Client& client, const Value& machine,
                                      const std::string& name) {
  const std::string arn = machine.string_at("stateMachineArn").value_or("");
  std::vector<std::string> found;
  const auto note = [&](const Value& execution) {
    if (execution.string_at("name") == name) {
      found.push_back(execution.string_at("executionArn").value_or(""));
    }
    return found.size() < 2;
  };
  TRY(client.list("Pawl.ListExecutions",
                  Value::object({{"stateMachineArn", arn}, {"maxResults", 1000}}), "executions",
                  note));
  const std::string hint = concat("`pawl execution list ", machine.string_at("name").value_or(""),
                                  "` shows their ARNs.");
  if (found.empty()) {
    return Error(ErrorCode::not_found, concat("execution \"", name, "\" does not exist"), hint);
  }
  if (found.size() == 1) return found[0];
  return Error(ErrorCode::invalid_argument,
               concat("several executions are named \"", name, "\": ", join(found, ", ")),
               concat("Write the ARN of the one that is meant. ", hint));
}

// "MACHINE/NAME", or "MACHINE/LABEL/NAME" as a child of a map is listed. Executions belong to the
// machine, whichever alias they were started by.
Result<std::string> execution_of_one(const Client& client, const std::string& path, size_t slash) {
  const std::string machine_name = path.substr(0, std::min(slash, path.find(':')));
  const Value machine = TRY(machine_named(client, machine_name));
  const size_t last = path.rfind('/');
  const std::string name = path.substr(last + 1);
  if (is_express(machine)) return express_execution(client, machine, name);
  const std::string arn = machine.string_at("stateMachineArn").value_or("");
  return execution_of(arn + path.substr(slash, last - slash), name);
}

// Every machine is asked: where two have the name, nobody knows which one is meant.
Result<std::string> execution_of_any(const Client& client, const std::string& name) {
  std::vector<std::string> found, paths;
  for (const Value& machine : TRY(all_machines(client))) {
    if (is_express(machine)) continue;
    const auto arn = execution_of(machine.string_at("stateMachineArn").value_or(""), name);
    const auto execution =
        client.call("Pawl.DescribeExecution",
                    Value::object({{"executionArn", arn}, {"includedData", "METADATA_ONLY"}}));
    if (execution) {
      found.push_back(arn);
      paths.push_back(concat(machine.string_at("name").value_or(""), "/", name));
    } else if (execution.error().code() != ErrorCode::not_found) {
      return execution.error();
    }
  }
  if (found.size() == 1) return found[0];
  if (found.empty()) {
    return Error(ErrorCode::not_found, concat("execution \"", name, "\" does not exist"),
                 "`pawl execution list` shows what there is; one of an Express machine is named "
                 "MACHINE/NAME.");
  }
  return Error(ErrorCode::invalid_argument,
               concat("several machines have an execution \"", name, "\": ", join(found, ", ")),
               concat("Write which one is meant: ", join(paths, " or "), "."));
}

}  // namespace

Result<std::vector<Value>> all_machines(const Client& client) {
  return client.list("AWSStepFunctions.ListStateMachines", Value::object({{"maxResults", 1000}}),
                     "stateMachines", [](const Value&) { return true; });
}

Result<std::string> machine_arn(const Client& client, const std::string& name) {
  if (name.starts_with("arn:")) return name;
  if (const size_t colon = name.find(':'); colon != name.npos) {
    return qualified_arn(client, name.substr(0, colon), name.substr(colon + 1));
  }
  return TRY(machine_named(client, name)).string_at("stateMachineArn").value_or("");
}

Result<std::vector<std::string>> machine_arns(const Client& client, const std::string& name) {
  std::vector<std::string> arns;
  if (!name.empty()) {
    arns.push_back(TRY(machine_arn(client, name)));
    return arns;
  }
  for (const Value& machine : TRY(all_machines(client))) {
    arns.push_back(machine.string_at("stateMachineArn").value_or(""));
  }
  return arns;
}

Result<std::string> execution_arn(const Client& client, const std::string& name) {
  if (name.starts_with("arn:")) return name;
  const size_t slash = name.find('/');
  return slash == name.npos ? execution_of_any(client, name)
                            : execution_of_one(client, name, slash);
}

void sort_newest_first(std::vector<Value>& executions) {
  const auto started = [](const Value& execution) {
    return execution.number_at("startDate").value_or(0);
  };
  std::stable_sort(
      executions.begin(), executions.end(),
      [&](const Value& left, const Value& right) { return started(left) > started(right); });
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
