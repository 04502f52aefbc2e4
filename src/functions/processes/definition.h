#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::functions::processes {

class Pythons;

// Where the code of a function is: unpacked by us, in a directory of the user's, or a command line.
struct Code {
  enum class Kind { archive, directory, command };
  Kind kind = Kind::archive;
  std::string place;   // the hexadecimal digest; the path; the command line
  std::string sha256;  // as the service shows it, in base64
  uint64_t bytes = 0;
};

// A function that runs in processes of its own, as it is kept and shown.
struct Definition {
  std::string name;
  std::string description, role;
  std::string runtime = "provided.al2023";
  std::string handler;
  std::map<std::string, std::string> environment;
  int64_t memory_mb = 128;
  seconds time_limit{3};
  std::optional<int> reserved_concurrency;
  Code code;
  // New with every change that processes must be started anew for.
  std::string revision;
  Instant modified;
};

json::Value to_json(const Definition& definition);
// Error: corrupt.
Result<Definition> definition_from(const json::Value& value);

bool is_python(std::string_view runtime);
// Those that can be run here.
bool is_runtime(std::string_view runtime);

// Of a function that is to be created.
Error name_is_taken(const std::string& name);

// The program of a function and its arguments. `task_root` is where its code is. Error: what the
// service calls Runtime.InvalidEntrypoint.
Result<std::vector<std::string>> command_of(const Definition& definition,
                                            const std::string& task_root, Pythons& pythons);

}  // namespace pawl::functions::processes
