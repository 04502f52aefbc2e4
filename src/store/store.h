#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::store {

// The durable contract. One writer (the loop) commits; any thread reads what is committed.

struct Machine {
  std::string arn, name, definition, role_arn, type, status;  // status: ACTIVE, DELETING
  std::string revision_id;
  Instant created, updated;
};

struct Execution {
  int64_t id = 0;  // ascending; the key of its records
  std::string arn, name, machine_arn;
  std::string definition;  // the text it runs on; stored once by content
  std::string role_arn;
  std::string started_by;  // the id of the task that started it; empty: a client did
  std::string status;      // RUNNING, SUCCEEDED, FAILED, TIMED_OUT, ABORTED
  Instant started;
  std::optional<Instant> stopped;
  std::string input;   // JSON text as given
  std::string output;  // JSON text, of a success
  std::string error, cause;
};

// Rows of a transaction, in order.
struct PutMachine {
  Machine machine;
};
struct DeleteMachine {
  std::string arn;
};
struct OpenExecution {
  Execution execution;  // with its id
};
struct AppendRecord {
  int64_t execution_id = 0;
  std::string record;
};
struct CloseExecution {
  int64_t execution_id = 0;
  std::string status;
  Instant stopped;
  std::string output, error, cause;
};
using Write = std::variant<PutMachine, DeleteMachine, OpenExecution, AppendRecord, CloseExecution>;

struct PageRequest {
  size_t size_max = 100;
  std::string token = {};  // empty for the first page
};
struct MachinePage {
  std::vector<Machine> machines;  // by name
  std::string next_token;         // empty: this was the last page
};
struct ExecutionQuery {
  std::string machine_arn = {};  // empty: of all machines
  std::optional<std::string> status = {};
  std::optional<Instant> started_from = {};
  PageRequest page = {};
};
struct ExecutionPage {
  std::vector<Execution> executions;  // newest first; input, output and definition left empty
  std::string next_token;
};

class Store {
 public:
  virtual ~Store() = default;

  // All of it or nothing, durable on return. After an error nothing may be committed any more.
  virtual Result<void> commit(const std::vector<Write>& writes) = 0;

  virtual Result<std::optional<Machine>> machine(const std::string& arn) = 0;
  virtual Result<MachinePage> machines(const PageRequest& page) = 0;
  virtual Result<std::optional<Execution>> execution(const std::string& arn) = 0;
  virtual Result<ExecutionPage> executions(const ExecutionQuery& query) = 0;
  virtual Result<std::vector<Execution>> open_executions() = 0;
  // The records of an execution in the order they were committed.
  virtual Result<std::vector<std::string>> records(int64_t execution_id) = 0;
  virtual Result<int64_t> last_execution_id() = 0;
};

}  // namespace pawl::store
