#include "base/text.h"
#include "cli/arrays/run_view.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/restore/request.h"
#include "cli/verbs.h"
#include "cli/watch/watch.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

using json::Value;

class ArraysRun : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.option("--ids", ids_,
                     "how many to make up, @FILE with one on each line, or volume:FILE (200)");
    arguments.number("--per-node", per_node_, {1, 10'000}, "ids of a node (40)");
    arguments.number("--nodes", nodes_, {1, 5'000'000}, "nodes, instead of --per-node");
    arguments.option("--seed", seed_, "what all values follow from (the run's name)");
    arguments.option("--bucket", bucket_, "for the results (arrays)");
    arguments.choice("--layout", layout_, {"auto", "bundle", "files"},
                     "a file for each node, or for each id (auto: bundle above 1000 ids)");
    arguments.option("--steps", steps_,
                     "names of steps, with commas between, or @FILE with them as JSON "
                     "(procure,process,egress)");
    arguments.option("--queue", queue_, "one queue for all steps instead of one for each");
    arguments.flag("--sync", is_synced_, "every file through to the disk at once");
    arguments.flag("--keep", keeps_, "leave the files on the volume");
    arguments.flag("--no-check", is_unchecked_, "do not look for every id in the bucket");
    arguments.option("--name", name_, "of the run; made up where absent");
    arguments.flag("--no-wait", does_not_wait_, "only start it");
    arguments.duration("--timeout", timeout_, "stop waiting after this time; the run goes on");
    arguments.duration("--reconnect-limit", reconnect_,
                       "how long to wait for a server that went away (60)");
  }

  Result<int> run(const Session& session) override {
    if (per_node_ && nodes_)
      return Error(ErrorCode::invalid_argument,
                   "--per-node and --nodes say the same: leave one of them out");
    const std::string name = name_.empty() ? new_name("arrays") : name_;
    const auto machine = TRY(machine_arn(session.client, "arrays"));
    const Value answer = TRY(session.client.call(
        "AWSStepFunctions.StartExecution",
        Value::object(
            {{"stateMachineArn", machine}, {"name", name}, {"input", json::write(TRY(input()))}})));
    const std::string arn = answer.string_at("executionArn").value_or("");
    if (does_not_wait_) {
      if (session.wants_json())
        session.show(with_moments(answer).with("run", name));
      else
        session.terminal.print((session.style.format == Format::name ? name : arn) + "\n");
      session.remark(concat("started run ", name, "\nits nodes:  pawl arrays show ", name));
      return exit_done;
    }
    WatchOptions options{.timeout = timeout_};
    if (reconnect_) options.reconnect_limit = *reconnect_;
    return watch_run(session, {.name = name, .execution_arn = arn}, options);
  }

 private:
  Result<Value> input() const {
    Value::Object members;
    const auto add = [&members](const char* member, Value value) {
      members.push_back({member, std::move(value)});
    };
    if (!ids_.empty()) add("ids", TRY(asked_ids()));
    if (per_node_) add("per_node", *per_node_);
    if (nodes_) add("nodes", *nodes_);
    if (!seed_.empty()) add("seed", seed_);
    if (!bucket_.empty()) add("bucket", bucket_);
    if (!layout_.empty()) add("layout", layout_);
    if (!queue_.empty()) add("queue", queue_);
    if (!steps_.empty()) add("steps", TRY(asked_steps()));
    if (is_synced_) add("sync", true);
    if (keeps_) add("keep", true);
    if (is_unchecked_) add("check", false);
    return Value(std::move(members));
  }

  Result<Value> asked_ids() const {
    constexpr std::string_view of_volume = "volume:";
    if (ids_.starts_with(of_volume)) return Value(ids_.substr(of_volume.size()));
    if (const auto number = parse_integer(ids_); number && *number >= 0) return Value(*number);
    if (!ids_.starts_with('@'))
      return Error(ErrorCode::invalid_argument,
                   concat("--ids is a number, @FILE or volume:FILE, not ", ids_));
    const std::string text = TRY(read_text_file(ids_.substr(1)));
    Value::Array list;
    for (const std::string_view line : split(text, '\n')) list.push_back(line);
    if (list.back() == "") list.pop_back();
    return Value(std::move(list));
  }

  Result<Value> asked_steps() const {
    if (steps_.starts_with('@'))
      return parse_json(TRY(read_text_file(steps_.substr(1))), steps_.substr(1));
    Value::Array list;
    for (const std::string_view name : split(steps_, ',')) {
      if (name.empty())
        return Error(ErrorCode::invalid_argument,
                     concat("a step of --steps has no name: ", steps_));
      list.push_back(name);
    }
    return Value(std::move(list));
  }

  std::string ids_, seed_, bucket_, layout_, steps_, queue_, name_;
  std::optional<int64_t> per_node_, nodes_;
  bool is_synced_ = false, keeps_ = false, is_unchecked_ = false, does_not_wait_ = false;
  std::optional<Duration> timeout_, reconnect_;
};

}  // namespace

std::unique_ptr<Verb> arrays_run() { return std::make_unique<ArraysRun>(); }

}  // namespace pawl::cli
