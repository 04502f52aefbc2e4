#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/client.h"
#include "json/value.h"

namespace pawl::cli {

// What `restore run` and `restore plan` are told on the command line.
struct RestoreRequest {
  std::vector<std::string> names;
  std::string date, from, to, target;
  // Of a batch.
  std::optional<int64_t> concurrency, tries;
  std::optional<Duration> stagger;
  std::string on_failure;
  std::vector<std::string> priorities;  // "name=N"
  json::Value batch_file;               // null: none

  void declare(Arguments& arguments);
  void declare_batch(Arguments& arguments);
  bool is_batch() const;

  // The input of one restore. REQUIRES: one name.
  json::Value single_input(const std::string& name) const;
  // The input of a batch, over what its file says. Error: invalid_argument.
  Result<json::Value> batch_input(const std::string& batch_id) const;
  // Asks the server what a plan is refused for before it is made, and a run before there is an
  // execution of it. `id` is the operation's or batch's; empty: it has none yet.
  Result<void> check(const Client& client, const std::string& id, bool allows_missing) const;
};

// "customer-db-20261121-021804-1f3c": says what and when, and will not be met twice.
std::string new_name(const std::string& what);

}  // namespace pawl::cli
