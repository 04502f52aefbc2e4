#include "cli/batch/jobs.h"

#include <algorithm>

#include "base/text.h"
#include "base/time.h"

namespace pawl::cli {
namespace {

using json::Value;

bool is_uuid(std::string_view text) {
  constexpr size_t length = 36;
  return text.size() == length && std::ranges::all_of(text, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-';
         });
}

bool is_of_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

// Whoever names a child that is not there wants to know those that are.
Error not_there(const std::string& named, const std::string& id) {
  const auto colon = id.find(':');
  return Error(ErrorCode::not_found, concat("job ", named, " does not exist"),
               colon == id.npos ? std::string("`pawl batch list` shows what there is.")
                                : concat("`pawl batch list --array ", id.substr(0, colon),
                                         "` shows the children of an array."));
}

// The newest of all queues' jobs of that name.
Result<Value> newest_named(const Client& client, const std::string& name) {
  Value newest;
  for (const Value& queue : TRY(job_queues(client, ""))) {
    const Value filter = Value::object({{"name", "JOB_NAME"}, {"values", Value::array({name})}});
    const auto found = TRY(batch_list(
        client, "ListJobs",
        Value::object({{"jobQueue", queue["jobQueueName"]}, {"filters", Value::array({filter})}}),
        1));
    for (const Value& job : found)
      if (newest.is_null() || job.integer_at("createdAt") > newest.integer_at("createdAt"))
        newest = job;
  }
  return newest;
}

}  // namespace

Result<void> check_name(std::string_view what, std::string_view name) {
  constexpr size_t longest = 128;
  const bool is_right = !name.empty() && name.size() <= longest &&
                        std::ranges::all_of(name, is_of_name) && name.front() != '-' &&
                        name.front() != '_';
  if (is_right) return {};
  return Error(
      ErrorCode::invalid_argument,
      concat(what, " is 1 to ", longest,
             " letters, digits, - and _, and begins with a letter or a digit; not \"", name, "\""));
}

Result<std::string> job_id(const Client& client, const std::string& named) {
  const std::string bare = named.starts_with("arn:") ? named.substr(named.rfind('/') + 1) : named;
  const auto colon = bare.find(':');
  const std::string job = bare.substr(0, colon);
  const std::string child = colon == bare.npos ? "" : bare.substr(colon);
  if (is_uuid(job)) return bare;
  const Value found = TRY(newest_named(client, job));
  if (found.is_null()) return not_there(named, job);
  return found.string_at("jobId").value_or("") + child;
}

Result<std::string> whole_job_id(const Client& client, const std::string& named) {
  std::string id = TRY(job_id(client, named));
  const auto colon = id.find(':');
  if (colon == id.npos) return id;
  return Error(ErrorCode::invalid_argument,
               concat(named, " names a child, where an array is meant"),
               concat("`pawl batch show ", named, "` shows the child; the array is ",
                      id.substr(0, colon), "."));
}

Result<Value> described_job(const Client& client, const std::string& named) {
  const std::string id = TRY(job_id(client, named));
  const auto answer =
      TRY(client.batch("DescribeJobs", Value::object({{"jobs", Value::array({id})}})));
  const Value found = answer["jobs"];
  if (found.is_array() && found.size() > 0) return found.elements().front();
  return not_there(named, id);
}

Result<std::vector<Value>> batch_list(const Client& client, std::string_view operation, Value input,
                                      size_t most) {
  std::vector<Value> all;
  for (;;) {
    const Value page = TRY(client.batch(operation, input));
    for (const auto& [name, list] : page.members()) {
      if (!list.is_array()) continue;
      for (const Value& element : list.elements()) {
        if (most != 0 && all.size() == most) return all;
        all.push_back(element);
      }
    }
    const auto token = page.string_at("nextToken");
    if (!token || token->empty()) return all;
    input = input.with("nextToken", *token);
  }
}

Result<std::vector<Value>> job_queues(const Client& client, const std::string& name) {
  auto input = Value::object();
  if (!name.empty()) input = input.with("jobQueues", Value::array({name}));
  auto queues = TRY(batch_list(client, "DescribeJobQueues", input));
  if (!name.empty() && queues.empty())
    return Error(ErrorCode::not_found, concat("job queue ", name, " does not exist"),
                 "`pawl queue list` shows what there is.");
  return queues;
}

Value with_batch_moments(const Value& answer) {
  if (answer.is_array()) {
    Value::Array elements;
    for (const Value& element : answer.elements()) elements.push_back(with_batch_moments(element));
    return elements;
  }
  if (!answer.is_object()) return answer;
  Value::Object members;
  for (const auto& [name, value] : answer.members()) {
    const auto moment = name.ends_with("At") ? batch_moment(answer, name) : std::nullopt;
    members.push_back({name, moment ? Value(format_instant(*moment)) : with_batch_moments(value)});
  }
  return Value(std::move(members));
}

std::optional<Instant> batch_moment(const Value& job, std::string_view member) {
  const auto moment = job.integer_at(member);
  if (!moment) return std::nullopt;
  return Instant(milliseconds(*moment));
}

std::string resource_of(const Value& arn) {
  const std::string text = plain(arn);
  return text.substr(text.rfind('/') + 1);
}

std::string counts_text(const Value& summary, int64_t size) {
  const auto count = [&](std::string_view status) {
    return summary.integer_at(status).value_or(0);
  };
  std::vector<std::string> pieces = {concat(count("SUCCEEDED"), " of ", size, " succeeded")};
  const auto add = [&](int64_t number, std::string_view word) {
    if (number > 0) pieces.push_back(concat(number, " ", word));
  };
  add(count("FAILED"), "failed");
  add(count("RUNNING"), "running");
  add(count("STARTING"), "starting");
  add(count("RUNNABLE"), "ready");
  add(count("PENDING") + count("SUBMITTED"), "waiting");
  return join(pieces, ", ");
}

}  // namespace pawl::cli
