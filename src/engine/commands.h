#pragma once

#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "asl/failure.h"
#include "base/result.h"
#include "json/value.h"
#include "store/store.h"

namespace pawl::engine {

template <typename T>
using Reply = std::function<void(Result<T>)>;

// Commands that Engine::ask takes, each with the type of its answer.

struct PublishVersion {
  using Answer = store::Version;
  std::string machine_arn;
  std::optional<std::string> revision_id;  // what the machine's revision must be
  std::string description;
};
// A version that is not there is deleted already.
struct DeleteVersion {
  using Answer = void;
  std::string version_arn;
};

struct AliasRoute {
  std::string version_arn;
  int64_t weight = 0;
};
struct CreateAlias {
  using Answer = store::Alias;
  std::string name, description;
  std::vector<AliasRoute> routes;
};
struct UpdateAlias {
  using Answer = store::Alias;
  std::string arn;
  std::optional<std::string> description;
  std::optional<std::vector<AliasRoute>> routes;
};
struct DeleteAlias {
  using Answer = void;
  std::string arn;
};

struct CreateActivity {
  using Answer = store::Activity;
  std::string name;
  json::Value settings = json::Value::object();
  std::vector<store::Tag> tags;
};
// An activity that is not there is deleted already. Its tasks stay until they time out.
struct DeleteActivity {
  using Answer = void;
  std::string arn;
};

// Of a machine or an activity. Tags of the same key are replaced.
struct ChangeTags {
  using Answer = void;
  std::string arn;
  std::vector<store::Tag> set;
  std::vector<std::string> removed;
};

// Rows of another room, made durable with what else the turn commits.
struct KeepRows {
  using Answer = void;
  std::vector<store::Write> rows;
};

// The task a worker has got; both empty where there was none in time.
struct ActivityTask {
  std::string token;
  json::Value input;
};
struct PollActivity {
  using Answer = ActivityTask;
  std::string arn, worker_name;
  // Asked before a task is handed over, so that none goes to a worker who has gone away. Unset: he
  // is there.
  std::function<bool()> is_worker_there = {};
};

// What whoever holds a task's token says of it.
struct TaskBeats {};
struct AnswerToken {
  using Answer = void;
  std::string token;
  // An error: it could not be understood, which is looked at after the token's own form.
  std::variant<TaskBeats, json::Value, asl::Failure, Error> said;
};

// A closed execution begins again where it failed or was stopped. The answer is when.
struct RedriveExecution {
  using Answer = Instant;
  std::string arn;
  std::string client_token = {};  // asked with the same one again, it changes nothing
};

// Other limits for a map run that is under way, by their names in the language
// ("MaxConcurrency").
struct ChangeMapRun {
  using Answer = void;
  std::string arn;
  json::Value named;
};

// A command on its way, with who waits for its answer.
template <typename Request>
struct Ask {
  Request request;
  Reply<typename Request::Answer> reply;
};

}  // namespace pawl::engine
