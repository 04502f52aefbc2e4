#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/client.h"

namespace pawl::cli {

// All machines, as the service lists them.
Result<std::vector<json::Value>> all_machines(const Client& client);

// The ARN of a state machine given by name or ARN; of a version or an alias of it given as
// "MACHINE:ALIAS". Error: not_found, with what is written alike.
Result<std::string> machine_arn(const Client& client, const std::string& name);

// That of one machine, or those of all where none is named.
Result<std::vector<std::string>> machine_arns(const Client& client, const std::string& name);

// The ARN of an execution given by ARN, "MACHINE/NAME", or its name alone, which is looked for in
// every machine that is not an Express one. Errors: not_found; invalid_argument, with their ARNs,
// where several have the name.
Result<std::string> execution_arn(const Client& client, const std::string& name);

// Executions of several machines, as the service lists those of one.
void sort_newest_first(std::vector<json::Value>& executions);

// The name at the end of an ARN; any other text is returned as it is.
std::string name_of(const std::string& arn);

// Whether the machine comes with the program, which makes it anew when it starts.
bool is_shipped(std::string_view machine);

// A text that may be a JSON text itself, "@FILE", or "-" for standard input.
Result<std::string> text_argument(const std::string& argument);
// What an error calls the source of such a text: "--input", the file, "standard input".
std::string source_of(const std::string& argument);
Result<std::string> read_text_file(const std::string& path);

}  // namespace pawl::cli
