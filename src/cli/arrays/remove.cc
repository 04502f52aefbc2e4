#include <map>

#include "base/text.h"
#include "cli/arrays/site.h"
#include "cli/confirm.h"
#include "cli/names.h"
#include "cli/units.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

// Those that run, by name. No machine, no runs.
Result<std::vector<std::string>> open_runs(const Client& client) {
  const auto machine = machine_arn(client, "arrays");
  std::vector<std::string> open;
  if (!machine && machine.error().code() == ErrorCode::not_found) return open;
  const auto running = TRY(
      client.list("Pawl.ListExecutions",
                  Value::object({{"stateMachineArn", TRY(machine)}, {"statusFilter", "RUNNING"}}),
                  "executions", [](const Value&) { return true; }));
  for (const Value& run : running) open.push_back("run " + plain(run["name"]));
  return open;
}

Result<void> check_all_has_ended(const Client& client) {
  constexpr size_t told_max = 20;
  std::vector<std::string> open = TRY(open_runs(client));
  for (std::string& job : TRY(open_jobs(client))) open.push_back(std::move(job));
  if (open.empty()) return {};
  const size_t count = open.size();
  if (count > told_max) open.resize(told_max);
  return Error(ErrorCode::conflict,
               concat("array runs are open: ", join(open, ", "),
                      count > told_max ? concat(" and ", count - told_max, " more") : ""),
               "Wait for their ends, or `pawl execution stop arrays/RUN` and "
               "`pawl batch terminate ID` end them.");
}

Result<void> check_is_ours_alone(const Client& client) {
  const auto others = TRY(other_queues(client));
  if (others.empty()) return {};
  return Error(
      ErrorCode::conflict,
      concat("other queues lead to the compute environment of array runs: ", join(others, ", ")),
      "`aws batch update-job-queue` disables one or leads it elsewhere, `aws batch "
      "delete-job-queue` deletes it.");
}

// The schedules that start the machine, or a version or an alias of it.
Result<std::vector<Value>> schedules_of_runs(const Client& client) {
  const Value answer = TRY(client.call("Pawl.ListSchedules", Value::object()));
  std::vector<Value> rows;
  for (const Value& each : answer["Schedules"].elements()) {
    const std::string arn = plain(each["Target"]["Arn"]) + ":";
    if (arn.find(":stateMachine:arrays:") == arn.npos) continue;
    const std::string name = plain(each["Name"]);
    rows.push_back(Value::object({{"kind", "schedule"},
                                  {"name", name},
                                  {"change", "fails from now on"},
                                  {"removed_by", concat("pawl schedule delete ", name)}}));
  }
  return rows;
}

struct Amount {
  int64_t runs = 0, bytes = 0;
};

Value kept_row(const char* kind, const std::string& directory, const Amount& amount) {
  return Value::object({{"kind", kind},
                        {"name", directory},
                        {"change", "kept"},
                        {"runs", amount.runs},
                        {"bytes", amount.bytes},
                        {"removed_by", "pawl arrays purge"}});
}

// Where the files of runs are, and how much there is.
Result<std::vector<Value>> kept_places(const Client& client) {
  const Value kept = TRY(client.invoke("pawl-arrays-kept", Value::object()));
  Amount volume, logs;
  std::map<std::string, Amount> buckets;
  const auto add = [](Amount& amount, const Value& bytes, bool is_there) {
    amount.runs += is_there ? 1 : 0;
    amount.bytes += bytes.integer();
  };
  for (const Value& run : kept["runs"].elements()) {
    add(volume, run["volume_bytes"], !run["directory"].is_null());
    add(logs, run["log_bytes"], run["log_bytes"].integer() > 0);
    const std::string results = plain(run["results"]);
    if (!run["results"].is_null())
      add(buckets[results.substr(0, results.rfind('/'))], run["results_bytes"], true);
  }
  std::vector<Value> rows = {kept_row("volume", plain(kept["volume"]), volume)};
  for (const auto& [directory, amount] : buckets)
    rows.push_back(kept_row("bucket", directory, amount));
  rows.push_back(kept_row("logs", plain(kept["logs"]), logs));
  return rows;
}

class ArraysRemove : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--yes", is_sure_, "do not ask");
    arguments.remark(
        "Takes down the queues, the compute environment and the job definitions; `pawl arrays "
        "init` makes them again. Volume, buckets and logs stay: what there is of them is shown, "
        "and `pawl arrays purge` removes it. May be done again after it was interrupted.");
  }

  Result<int> run(const Session& session) override {
    Client client = session.client;
    client.limit = hours(1);
    TRY(check_all_has_ended(client));
    TRY(check_is_ours_alone(client));
    const auto parts = TRY(find_site(client));
    const auto places = TRY(kept_places(client)), schedules = TRY(schedules_of_runs(client));
    if (!parts.empty() && !is_sure_) TRY(ask(session, parts, schedules));
    TRY(remove_site(client, parts));
    Listing listing;
    for (const Value& part : parts) listing.rows.push_back(part.with("change", "removed"));
    for (const auto* rows : {&schedules, &places})
      listing.rows.insert(listing.rows.end(), rows->begin(), rows->end());
    listing.columns = {{"KIND", text_of("kind")},       {"NAME", text_of("name")},
                       {"CHANGE", text_of("change")},   {"RUNS", text_of("runs")},
                       Listing::bytes("SIZE", "bytes"), {"REMOVED BY", text_of("removed_by")}};
    listing.name_member = "name";
    session.show(listing);
    return exit_done;
  }

 private:
  static Result<void> ask(const Session& session, const std::vector<Value>& parts,
                          const std::vector<Value>& schedules) {
    std::string warning = "These will be removed:";
    for (const Value& part : parts)
      warning += concat("\n  ", plain(part["kind"]), " ", plain(part["name"]));
    for (const Value& schedule : schedules)
      warning += concat("\nThe schedule ", plain(schedule["name"]), " will fail from then on.");
    return confirm(session, warning, "remove");
  }

  bool is_sure_ = false;
};

}  // namespace

std::unique_ptr<Verb> arrays_remove() { return std::make_unique<ArraysRemove>(); }

}  // namespace pawl::cli
