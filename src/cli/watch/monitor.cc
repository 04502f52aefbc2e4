#include "cli/watch/monitor.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/names.h"
#include "cli/units.h"
#include "cli/watch/absence.h"
#include "json/parse.h"

namespace pawl::cli {
namespace {

using json::Value;

// Executions that no restore operation knows are asked for their input, a few with every look.
constexpr size_t descriptions_max = 10;

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

std::string in_minutes(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.2f", seconds / 60);
  return text;
}

std::string duration_line(const std::vector<Value>& executions) {
  std::vector<double> lengths;
  for (const Value& execution : executions) {
    const auto started = execution.number_at("startDate"),
               stopped = execution.number_at("stopDate");
    const bool is_done = execution["status"] == "SUCCEEDED";
    if (is_done && started && stopped) lengths.push_back(*stopped - *started);
  }
  if (lengths.empty()) return {};
  double sum = 0;
  for (const double length : lengths) sum += length;
  const auto [shortest, longest] = std::minmax_element(lengths.begin(), lengths.end());
  return concat("Durations (minutes): average ",
                in_minutes(sum / static_cast<double>(lengths.size())), "  maximum ",
                in_minutes(*longest), "  minimum ", in_minutes(*shortest), "\n");
}

std::string status_line(const std::vector<Value>& executions) {
  std::map<std::string, size_t> counts;
  for (const Value& execution : executions) ++counts[plain(execution["status"])];
  std::vector<std::string> pieces;
  for (const auto& [status, count] : counts) pieces.push_back(concat(status, " ", count));
  return pieces.empty() ? "" : concat("Status: ", join(pieces, "  "), "\n");
}

std::string path_of(const Value& execution) {
  return concat(plain(execution["machine"]), "/", plain(execution["name"]));
}

// Which database an execution restores, by its path, remembered for good: an input never changes.
class DatabaseNames {
 public:
  Result<void> learn(const Client& client, const std::vector<Value>& executions) {
    const bool knows_all =
        std::all_of(executions.begin(), executions.end(),
                    [&](const Value& execution) { return names_.contains(path_of(execution)); });
    if (knows_all) return {};
    if (const auto answer = client.invoke("pawl-restore-list", Value::object())) {
      const Value operations = (*answer)["operations"];
      if (operations.is_array()) learn_operations(operations);
    } else if (answer.error().code() == ErrorCode::unavailable) {
      return answer.error();
    }
    size_t asked = 0;
    for (const Value& execution : executions) {
      const std::string path = path_of(execution);
      if (names_.contains(path) || asked++ >= descriptions_max) continue;
      const auto described = TRY(client.call(
          "Pawl.DescribeExecution", Value::object({{"executionArn", execution["executionArn"]}})));
      const auto input = json::parse(described.string_at("input").value_or("{}"));
      names_[path] =
          input ? input->string_at("cluster_name").value_or("N/A") : input.error().message();
    }
    return {};
  }

  std::string of(const Value& execution) const {
    const auto found = names_.find(path_of(execution));
    return found == names_.end() ? "…" : found->second;
  }

 private:
  void learn_operations(const Value& operations) {
    for (const Value& operation : operations.elements()) {
      if (const auto cluster = operation.string_at("cluster_name")) {
        names_["restore/" + plain(operation["operation_id"])] = *cluster;
      }
    }
  }

  std::map<std::string, std::string> names_;
};

Result<std::vector<Value>> executions_since(const Client& client, const std::string& machine,
                                            double oldest) {
  auto executions = TRY(client.list(
      "Pawl.ListExecutions", Value::object({{"stateMachineArn", machine}, {"maxResults", 100}}),
      "executions", [&](const Value& execution) {
        return execution.number_at("startDate").value_or(0) >= oldest;
      }));
  for (Value& execution : executions) {
    const auto arn = execution.string_at("stateMachineArn").value_or(machine);
    execution = execution.with("machine", name_of(arn));
  }
  return executions;
}

Result<MonitorLook> look(const Client& client, const MonitorOptions& options,
                         DatabaseNames& names) {
  MonitorLook out;
  out.at = now();
  const auto machines = TRY(machine_arns(client, options.machine));
  if (!options.machine.empty()) out.machine_arn = machines[0];
  const double oldest = epoch_seconds(out.at - options.window);
  for (const std::string& machine : machines) {
    auto some = TRY(executions_since(client, machine, oldest));
    out.executions.insert(out.executions.end(), some.begin(), some.end());
  }
  sort_newest_first(out.executions);
  TRY(names.learn(client, out.executions));
  for (Value& execution : out.executions) {
    execution = execution.with("database", names.of(execution));
  }
  return out;
}

}  // namespace

std::string render(const MonitorLook& look, const MonitorOptions& options, const Session& session) {
  const Terminal& terminal = session.terminal;
  const bool is_of_all = look.machine_arn.empty();
  std::string out = concat(
      terminal.paint(Color::bold, "Batch operations"), "  ", format_time(look.at, true),
      "\nState machine: ", is_of_all ? "all" : look.machine_arn, "\nWindow: last ",
      count_of(static_cast<size_t>(std::chrono::duration_cast<hours>(options.window).count()),
               "hour"),
      "\n", status_line(look.executions), duration_line(look.executions), "\n");
  Table table({{"Database"}, {"Status"}, {"Start Time"}, {"Execution ID"}});
  for (const Value& execution : look.executions) {
    table.add({plain(execution["database"]), plain(execution["status"]),
               moment_text(execution["startDate"], session.style.is_utc),
               is_of_all ? path_of(execution) : plain(execution["name"])});
  }
  out += look.executions.empty() ? std::string("No executions found in this window.\n")
                                 : table.render(session.style.has_headers);
  if (!options.is_once) {
    out += concat("\nNext refresh in ", format_duration(options.interval), ". Ctrl+C ends.\n");
  }
  return out;
}

Result<int> monitor(const Session& session, const MonitorOptions& options) {
  const Interrupt interrupt;
  DatabaseNames names;
  Absence absence(session.client, options.reconnect_limit, [&session](std::string_view text) {
    session.terminal.say(concat("pawl: ", text, "\n"));
  });
  while (true) {
    const auto seen = look(session.client, options, names);
    if (seen) {
      absence.end();
      if (session.wants_json()) {
        session.show(with_moments(Value(Value::Array(seen->executions))));
      } else {
        const bool redraws = session.terminal.is_interactive() && !options.is_once;
        session.terminal.print((redraws ? "\x1b[H\x1b[2J" : "") + render(*seen, options, session));
      }
      if (options.is_once) return exit_done;
    } else {
      if (options.is_once) return seen.error();
      TRY(absence.note(seen.error()));
    }
    const Duration pause =
        seen ? options.interval : std::min<Duration>(options.interval, seconds(1));
    if (interrupt.wait_for(pause)) {
      session.terminal.say("\nMonitoring ends; what runs goes on.\n");
      return exit_done;
    }
  }
}

}  // namespace pawl::cli
