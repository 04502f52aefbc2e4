#include "base/text.h"
#include "cli/names.h"
#include "cli/restore/batch_file.h"
#include "cli/restore/report_view.h"
#include "cli/restore/request.h"
#include "cli/verbs.h"
#include "cli/watch/watch.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

class RestoreRun : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positionals("NAME", request_.names, "clusters to restore", 0);
    request_.declare(arguments);
    request_.declare_batch(arguments);
    arguments.option("--batch-file", batch_file_, "a batch as JSON; options win over it");
    arguments.option("--failed-of", failed_of_, "what failed in that batch, again");
    arguments.option("--name", name_, "id of the operation or batch; made up where absent");
    arguments.flag("--allow-missing", allows_missing_,
                   "begin although a snapshot is missing; that database fails");
    arguments.flag("--no-wait", does_not_wait_, "only start it");
    arguments.duration("--timeout", timeout_, "stop waiting after this time; the restore goes on");
    arguments.duration("--reconnect-limit", reconnect_,
                       "how long to wait for a server that went away (60)");
  }

  Result<int> run(const Session& session) override {
    TRY(read_batch(session.client));
    if (request_.names.empty() && request_.batch_file.is_null()) {
      return Error(ErrorCode::invalid_argument, "no database is named",
                   "Write `pawl restore run NAME…`; the configuration's clusters have the names.");
    }
    const bool is_batch = request_.is_batch();
    const std::string name = id_of(is_batch);
    TRY(request_.check(session.client, name, allows_missing_));
    const auto answer = TRY(start(session.client, {.name = name, .is_batch = is_batch}));
    const std::string arn = answer.string_at("executionArn").value_or("");
    if (!does_not_wait_) return watch(session, arn, {.name = name, .is_batch = is_batch});
    show_started(session, answer, {.name = name, .is_batch = is_batch});
    return exit_done;
  }

 private:
  struct Started {
    std::string name;
    bool is_batch;
  };

  // An option wins over the file.
  std::string id_of(bool is_batch) const {
    if (!name_.empty()) return name_;
    if (const auto id = request_.batch_file.string_at("batch_id")) return *id;
    return new_name(is_batch ? "batch" : request_.names[0]);
  }

  static void show_started(const Session& session, const json::Value& answer,
                           const Started& started) {
    const std::string arn = answer.string_at("executionArn").value_or("");
    if (session.wants_json()) {
      session.show(with_moments(answer)
                       .with("name", started.name)
                       .with(started.is_batch ? "batch_id" : "operation_id", started.name));
    } else {
      session.terminal.print((session.style.format == Format::name ? started.name : arn) + "\n");
    }
    session.remark(concat("started ", started.is_batch ? "batch " : "operation ", started.name,
                          "\nwatch it:    pawl execution watch ", arn,
                          "\nits report:  pawl restore report ", started.name));
  }

  // Which databases are meant is said in one way: of two, one would be dropped.
  static Error says_so_twice(const std::string& one, const std::string& other) {
    return Error(ErrorCode::invalid_argument,
                 concat(one, " says which databases are restored, and so does ", other),
                 "Leave one of them out.");
  }

  Result<void> check_one_source() const {
    const std::string names = join(request_.names, " ");
    const std::string failed = "--failed-of " + failed_of_, file = "--batch-file " + batch_file_;
    if (!failed_of_.empty() && !names.empty()) return says_so_twice(failed, names);
    if (!failed_of_.empty() && !batch_file_.empty()) return says_so_twice(failed, file);
    const json::Value& batch = request_.batch_file;
    const bool has_own = batch.find("databases") || batch.find("DatabaseList");
    if (!batch_file_.empty() && !names.empty() && has_own) return says_so_twice(file, names);
    return {};
  }

  Result<void> read_batch(const Client& client) {
    if (!batch_file_.empty()) {
      request_.batch_file = TRY(parse_batch_file(TRY(read_text_file(batch_file_)), batch_file_));
    }
    TRY(check_one_source());
    if (!failed_of_.empty()) {
      const auto event = json::Value::object({{"batch_id", failed_of_}});
      request_.batch_file = TRY(client.invoke("pawl-batch-failed", event)).without("batch_id");
      const json::Value databases = request_.batch_file["databases"];
      if (databases.is_array() && databases.size() == 0) {
        return Error(ErrorCode::conflict, concat("nothing failed in the batch ", failed_of_));
      }
    }
    return {};
  }

  Result<json::Value> start(const Client& client, const Started& started) const {
    const json::Value input = started.is_batch ? TRY(request_.batch_input(started.name))
                                               : request_.single_input(request_.names[0]);
    const auto machine = TRY(machine_arn(client, started.is_batch ? "restore-batch" : "restore"));
    auto answer = client.call(
        "AWSStepFunctions.StartExecution",
        json::Value::object(
            {{"stateMachineArn", machine}, {"name", started.name}, {"input", json::write(input)}}));
    if (answer || !answer.error().message().starts_with("ExecutionAlreadyExists")) return answer;
    return Error(ErrorCode::conflict,
                 concat("the name \"", started.name, "\" is taken by another restore"),
                 concat("Choose another --name; `pawl restore report ", started.name,
                        "` says what became of that one."));
  }

  Result<int> watch(const Session& session, const std::string& arn, const Started& started) const {
    WatchOptions options{.timeout = timeout_};
    if (reconnect_) options.reconnect_limit = *reconnect_;
    const Watched watched = TRY(watch_to_end(session, arn, options));
    const int code = conclude_watch(session, watched);
    if (watched.end != WatchEnd::ended) return code;
    if (!started.is_batch) {
      if (code == exit_done || session.wants_json()) {
        TRY(show_report(session, TRY(restore_report_of(session.client, started.name))));
      }
      return code;
    }
    const auto batch = session.client.invoke("pawl-batch-report",
                                             json::Value::object({{"batch_id", started.name}}));
    // Refused before it began: there is no batch to report on.
    if (!batch) return code;
    TRY(show_report(session, TRY(restore_report_of(session.client, started.name))));
    if (!session.wants_json()) session.terminal.print(plain((*batch)["message"]) + "\n");
    return batch_exit_code(*batch);
  }

  RestoreRequest request_;
  std::string batch_file_, failed_of_, name_;
  bool does_not_wait_ = false, allows_missing_ = false;
  std::optional<Duration> timeout_, reconnect_;
};

}  // namespace

std::unique_ptr<Verb> restore_run() { return std::make_unique<RestoreRun>(); }

}  // namespace pawl::cli
