#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/byte_range.h"
#include "base/result.h"
#include "base/time.h"
#include "store/catalogue.h"
#include "store/documents.h"

namespace pawl::store {

// The durable contract. One writer (the loop) commits; any thread reads what is committed.

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

  // What it runs of the machine, and how the machine was described then.
  std::string type = "STANDARD";  // STANDARD, EXPRESS
  int64_t version = 0;            // 0: the machine as it was
  std::string alias = {};         // the name it was started by; empty: none
  std::string revision_id = {}, settings = {};
  std::optional<Instant> machine_updated = {};

  int64_t redrives = 0;
  std::optional<Instant> redriven = {};  // the last time
};

// Rows of a transaction, in order.
struct OpenExecution {
  Execution execution;  // with its id
};
struct AppendRecord {
  int64_t execution_id = 0;
  std::string record;
  // Of the record, in order and apart: texts that others may have too, each of them kept once.
  std::vector<ByteRange> large_parts = {};
};
struct CloseExecution {
  int64_t execution_id = 0;
  std::string status;
  Instant stopped;
  std::string output, error, cause;
};
// A closed execution runs again, and what it ended with is forgotten.
struct ReopenExecution {
  int64_t execution_id = 0;
  Instant redriven;
};
using Write =
    std::variant<PutMachine, DeleteMachine, PutVersion, DeleteVersion, PutAlias, DeleteAlias,
                 PutActivity, DeleteActivity, PutTags, OpenExecution, AppendRecord, CloseExecution,
                 ReopenExecution, PutDocument, DeleteDocument, AppendJobChanges, ForgetJob>;

struct ExecutionQuery {
  std::string machine_arn = {};  // empty: of all machines
  int64_t version = 0;           // 0: of all versions, and of none
  std::string alias = {};        // empty: of all aliases, and of none
  std::optional<std::string> status = {};
  std::optional<Instant> started_from = {};
  PageRequest page = {};
};
// One that cannot be read, while those around it can.
struct DamagedExecution {
  int64_t id;
  std::string arn;  // as it is stored, which may be what is damaged
  Error error;      // corrupt
};
struct ExecutionPage {
  std::vector<Execution> executions;  // newest first; input, output and definition left empty
  std::vector<DamagedExecution> damaged = {};
  std::string next_token;
};
struct OpenExecutions {
  std::vector<Execution> executions;  // whole, the oldest first
  std::vector<DamagedExecution> damaged = {};
  int64_t last_id = 0;  // of both; 0: there are no more
};

class Store : public Catalogue {
 public:
  // All of it or nothing, durable on return. After an error nothing may be committed any more.
  virtual Result<void> commit(const std::vector<Write>& writes) = 0;

  // What this thread reads in between is as of one moment, and quicker. REQUIRES: one thread at a
  // time, which commits nothing in between.
  virtual void begin_reading() {}
  virtual void end_reading() {}

  virtual Result<std::optional<Execution>> execution(const std::string& arn) = 0;
  virtual Result<std::optional<Execution>> execution_of_id(int64_t id) = 0;
  virtual Result<ExecutionPage> executions(const ExecutionQuery& query) = 0;
  // At most so many of those with a greater id.
  virtual Result<OpenExecutions> open_executions(int64_t after_id, size_t count_max) = 0;
  // The records of an execution in the order they were committed. Error: corrupt, where there are
  // none: an execution is opened together with its first record.
  virtual Result<std::vector<std::string>> records(int64_t execution_id) = 0;
  virtual Result<int64_t> last_execution_id() = 0;
  // Of a kind, by key.
  virtual Result<std::vector<Document>> documents(const std::string& kind) = 0;
  // Of all jobs: at most so many behind a position.
  virtual Result<std::vector<JobChanges>> job_changes(int64_t after, size_t count_max) = 0;
  // Made by chance with the store, the same for ever.
  virtual Result<std::string> secret() = 0;
};

// What the thread reads while this lives is of one moment.
class OneMoment {
 public:
  explicit OneMoment(Store& store) : store_(store) { store_.begin_reading(); }
  OneMoment(const OneMoment&) = delete;
  OneMoment& operator=(const OneMoment&) = delete;
  ~OneMoment() { store_.end_reading(); }

 private:
  Store& store_;
};

}  // namespace pawl::store
