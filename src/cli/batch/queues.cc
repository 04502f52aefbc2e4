#include "base/text.h"
#include "cli/batch/jobs.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

using json::Value;

std::string environments_of(const Value& queue) {
  std::vector<std::string> names;
  const Value order = queue["computeEnvironmentOrder"];
  if (order.is_array())
    for (const Value& place : order.elements())
      names.push_back(resource_of(place["computeEnvironment"]));
  return join(names, ", ");
}

// How many jobs of a queue have each status; an array counts once.
Result<Value> counted(const Client& client, const Value& queue) {
  Value::Object counts;
  for (const std::string_view status : {"PENDING", "RUNNABLE", "STARTING", "RUNNING"}) {
    const auto jobs = TRY(
        batch_list(client, "ListJobs",
                   Value::object({{"jobQueue", queue["jobQueueName"]}, {"jobStatus", status}})));
    counts.push_back({std::string(status), jobs.size()});
  }
  return queue.with("openJobs", Value(std::move(counts)));
}

std::string open_of(const Value& queue) {
  int64_t sum = 0;
  const Value counts = queue["openJobs"];
  for (const auto& [status, count] : counts.members()) sum += count.integer();
  return concat(sum);
}

class QueueList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.optional_positional("QUEUE", queue_, "only this one; name or ARN");
  }

  Result<int> run(const Session& session) override {
    Listing listing;
    for (const Value& queue : TRY(job_queues(session.client, queue_)))
      listing.rows.push_back(TRY(counted(session.client, queue)));
    listing.columns = {{"QUEUE", text_of("jobQueueName")},
                       {"STATE", text_of("state")},
                       {"PRIORITY", text_of("priority"), Table::Align::right},
                       {"ENVIRONMENTS", environments_of},
                       {"OPEN JOBS", open_of, Table::Align::right},
                       {"ARN", text_of("jobQueueArn"), Table::Align::left, true}};
    listing.name_member = "jobQueueName";
    listing.when_empty = "no job queues; `pawl queue create NAME --vcpus N` makes one";
    session.show(listing);
    return exit_done;
  }

 private:
  std::string queue_;
};

std::string environment_line(const Value& environment) {
  const Value resources = environment["computeResources"], tags = environment["tags"];
  std::string line = concat(
      "  ", plain(environment["computeEnvironmentName"]), "  ", plain(environment["state"]),
      "  executor ", tags.string_at("pawl:executor").value_or("local"), "  ",
      plain(resources["desiredvCpus"]), " of ", plain(resources["maxvCpus"]), " vCPUs in use");
  if (const auto memory = tags.string_at("pawl:memory-mib"))
    line += concat("  ", *memory, " MiB at most");
  return line + "\n";
}

class QueueShow : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("QUEUE", queue_, "name or ARN");
  }

  Result<int> run(const Session& session) override {
    const Value found = TRY(job_queues(session.client, queue_)).front();
    const Value queue = TRY(counted(session.client, found));
    Value::Array names;
    for (const Value& place : queue["computeEnvironmentOrder"].elements())
      names.push_back(place["computeEnvironment"]);
    const auto environments =
        TRY(batch_list(session.client, "DescribeComputeEnvironments",
                       Value::object({{"computeEnvironments", std::move(names)}})));
    if (session.wants_json()) {
      session.show(queue.with("computeEnvironments", Value::Array(environments)));
      return exit_done;
    }
    std::string out = concat("queue     ", plain(queue["jobQueueName"]), "\narn       ",
                             plain(queue["jobQueueArn"]), "\nstate     ", plain(queue["state"]),
                             "\npriority  ", plain(queue["priority"]), "\nopen      ");
    std::vector<std::string> counts;
    const Value open = queue["openJobs"];
    for (const auto& [status, count] : open.members())
      counts.push_back(concat(count.integer(), " ", status));
    out += join(counts, ", ") + "\nenvironments\n";
    for (const Value& environment : environments) out += environment_line(environment);
    session.terminal.print(out);
    return exit_done;
  }

 private:
  std::string queue_;
};

class QueueCreate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "of the queue, and of the compute environment below it");
    arguments.number("--vcpus", vcpus_, {1, 1'000'000}, "that its jobs may use at once");
    arguments.number("--memory", memory_, {1, 1'000'000'000},
                     "that its jobs may use at once, in MiB; no limit where absent");
    arguments.number("--priority", priority_, {0, 1000}, "among queues of one environment (1)");
    arguments.choice("--executor", executor_, {"local", "slurm"}, "where its jobs run (local)");
  }

  Result<int> run(const Session& session) override {
    TRY(check_name("NAME", name_));
    if (!vcpus_)
      return Error(ErrorCode::invalid_argument, "how many vCPUs its jobs may use is not said",
                   concat("Write `pawl queue create ", name_, " --vcpus N`."));
    const Client& client = session.client;
    // Before there is an environment for a queue that cannot be made.
    if (job_queues(client, name_).has_value())
      return Error(ErrorCode::already_exists, concat("job queue ", name_, " already exists"),
                   concat("`pawl queue show ", name_, "` shows what it has."));
    TRY(client.batch("CreateComputeEnvironment", environment()));
    const Value order = Value::object({{"order", 1}, {"computeEnvironment", name_}});
    const auto made = TRY(client.batch(
        "CreateJobQueue", Value::object({{"jobQueueName", name_},
                                         {"priority", priority_.value_or(1)},
                                         {"computeEnvironmentOrder", Value::array({order})}})));
    if (session.wants_json())
      session.show(made);
    else
      session.terminal.print(plain(made["jobQueueArn"]) + "\n");
    session.remark(concat("`pawl batch submit JOB --queue ", name_, " -- COMMAND` gives it a job"));
    return exit_done;
  }

 private:
  Value environment() const {
    auto tags = Value::object({{"pawl:executor", executor_.empty() ? "local" : executor_}});
    if (memory_) tags = tags.with("pawl:memory-mib", concat(*memory_));
    return Value::object(
        {{"computeEnvironmentName", name_},
         {"type", "MANAGED"},
         {"computeResources", Value::object({{"type", "EC2"}, {"maxvCpus", *vcpus_}})},
         {"tags", tags}});
  }

  std::string name_, executor_;
  std::optional<int64_t> vcpus_, memory_, priority_;
};

}  // namespace

std::unique_ptr<Verb> queue_list() { return std::make_unique<QueueList>(); }
std::unique_ptr<Verb> queue_show() { return std::make_unique<QueueShow>(); }
std::unique_ptr<Verb> queue_create() { return std::make_unique<QueueCreate>(); }

}  // namespace pawl::cli
