#pragma once

#include <map>
#include <string>

#include "cli/client.h"
#include "cli/watch/picture.h"

namespace pawl::cli {

// Looks at an execution again and again: at what it does now, and, where it restores a batch, at
// the execution of every database. Costs a handful of calls however long the batch is: one child's
// description once, its activities while it runs, and its history where a step is tried again.
class Follower {
 public:
  Follower(const Client& client, std::string arn);

  // After an error the picture is the last one that could be had.
  Result<void> look(Instant now);
  const Picture& picture() const { return picture_; }

 private:
  // A child execution, for one database of the batch.
  struct Child {
    std::string cluster, target;
  };

  Result<void> describe();
  Result<std::vector<json::Value>> activities_of(const std::string& arn) const;
  // Why one of the activities is tried again, if one is.
  Result<std::optional<Retry>> retry_of(const std::string& arn,
                                        const std::vector<json::Value>& activities);
  Result<void> look_at_batch(const std::vector<json::Value>& activities, Instant now);
  Result<const Child*> child_of(const std::string& arn);
  Result<void> look_at_database(const std::vector<json::Value>& activities, Instant now);
  Result<void> look_at_states(const std::vector<json::Value>& activities, Instant now);
  void show_wait(const json::Value& activity, const json::Value& results);
  Row& row_named(const std::string& name);

  const Client& client_;
  Picture picture_;
  json::Value input_;
  std::map<std::string, Child> children_;
  std::map<std::string, std::string> reasons_;  // of retries, by execution, state and attempt
};

}  // namespace pawl::cli
