#pragma once

#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

struct MonitorOptions {
  std::string machine = {};  // all machines where it is empty
  Duration window = hours(24);
  Duration interval = seconds(30);
  Duration reconnect_limit = seconds(60);
  bool is_once = false;
};

// The live monitor of the executions of a machine, or of all: status counts, durations, and a
// table, newest first, drawn again after every interval until Ctrl-C. A look costs one call per
// page of a machine's executions and one for the names of the databases, however many executions
// there are.
Result<int> monitor(const Session& session, const MonitorOptions& options);

// One look, as text; `executions` are newest first, with the members "machine" and "database"
// added.
struct MonitorLook {
  std::string machine_arn;  // empty where all machines are looked at
  std::vector<json::Value> executions;
  Instant at;
};
std::string render(const MonitorLook& look, const MonitorOptions& options, const Session& session);

}  // namespace pawl::cli
