#pragma once

#include <string>
#include <vector>

#include "json/value.h"
#include "trials/trial.h"

namespace pawl::trials {

// What became of one machine: its cases, and which parts of it they went through.
struct MachineReport {
  std::string name, definition_file;
  std::vector<Trial> trials;
  Coverage coverage;
};

// Members that scripts may rely on; docs/testing-pipelines.md lists them.
json::Value to_json(const Trial& trial);
json::Value to_json(const std::vector<MachineReport>& reports);

// The XML that CI servers read: a suite for each machine.
std::string junit(const std::vector<MachineReport>& reports);

// The path for people: "A → B → … 12 more"; the first `most` states.
std::string path_text(const Trial& trial, size_t most);

}  // namespace pawl::trials
