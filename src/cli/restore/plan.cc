#include "base/text.h"
#include "cli/restore/request.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

std::string disk_line(const json::Value& disk) {
  if (!disk.is_object()) return {};
  return concat("  disk       ", bytes_of("needed_bytes")(disk), " needed, ",
                bytes_of("free_bytes")(disk), " free\n");
}

std::string copy_line(const json::Value& plan) {
  const json::Value copy = plan["copy"];
  if (copy["needed"] == false) return "  copy       not needed\n";
  return concat("  copy       ", bytes_of("bytes")(copy), " from ", plain(plan["source_region"]),
                " to ", plain(plan["target_region"]), "\n");
}

std::string describe(const json::Value& plan) {
  const json::Value snapshot = plan["snapshot"], restore = plan["restore"];
  const json::Value endpoint = plan["endpoint"];
  std::string out = concat(plain(plan["cluster_name"]), " → ", plain(plan["target_cluster"]),
                           " in ", plain(plan["target_region"]), "\n  snapshot   ",
                           plain(snapshot["name"]), " of ", plain(snapshot["date"]), ": ",
                           bytes_of("bytes")(snapshot), ", ", plain(snapshot["files"]), " files, ",
                           plain(snapshot["tables"]), " tables, ", plain(snapshot["rows"]),
                           " rows\n", copy_line(plan), "  restore    ", bytes_of("bytes")(restore),
                           restore["shares_blocks"] == true ? " by sharing blocks: no copying" : "",
                           "\n", disk_line(plan["disk"]));
  if (endpoint.is_object()) {
    const auto address =
        endpoint.string_at("address").value_or(endpoint.string_at("host").value_or("127.0.0.1"));
    const bool has_port = endpoint.integer_at("port").has_value();
    out += concat("  endpoint   ", address,
                  has_port ? concat(":", plain(endpoint["port"])) : " on a free port of the region",
                  "\n");
  }
  const json::Value replaces = plan["replaces"];
  out += concat("  replaces   ", replaces.is_null() ? "nothing" : plain(replaces), "\n");
  if (plan.number_at("estimated_seconds")) {
    out += concat("  estimated  ", seconds_of("estimated_seconds")(plan), "\n");
  }
  const json::Value steps = plan["steps"];
  if (steps.is_array() && steps.size() > 0) {
    std::vector<std::string> names;
    for (const auto& step : steps.elements()) names.push_back(plain(step));
    out += concat("  steps      ", join(names, " → "), "\n");
  }
  return out;
}

class RestorePlan : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positionals("NAME", request_.names, "clusters to restore", 1);
    request_.declare(arguments);
  }

  Result<int> run(const Session& session) override {
    TRY(request_.check(session.client, "", false));
    json::Value::Array plans;
    for (const std::string& name : request_.names) {
      const auto plan =
          TRY(session.client.invoke("pawl-restore-plan", request_.single_input(name)));
      plans.push_back(plan);
      if (session.style.format == Format::jsonl) session.show(plan);
      if (session.wants_json()) continue;
      session.terminal.print(describe(plan));
      session.warn(plan["warnings"]);
    }
    if (session.style.format == Format::json) {
      session.show(plans.size() == 1 ? plans[0] : json::Value(plans));
    }
    return exit_done;
  }

 private:
  RestoreRequest request_;
};

}  // namespace

std::unique_ptr<Verb> restore_plan() { return std::make_unique<RestorePlan>(); }

}  // namespace pawl::cli
