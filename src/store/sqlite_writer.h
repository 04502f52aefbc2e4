#pragma once

#include <memory>
#include <vector>

#include "store/journal.h"
#include "store/journal_heads.h"
#include "store/sqlite.h"
#include "store/sqlite_catalogue.h"
#include "store/sqlite_documents.h"
#include "store/sqlite_store.h"
#include "store/store.h"

namespace pawl::store {

// The one connection that writes. `heads` is shared with the readers and must outlive it.
class SqliteWriter {
 public:
  SqliteWriter(std::unique_ptr<Connection> connection, JournalHeads& heads, CheckpointLimits limits)
      : connection_(std::move(connection)), heads_(heads), limits_(limits) {}

  // Finds the end of the journal, and the heads that moved since the last checkpoint.
  Result<void> recover();
  Result<void> commit(const std::vector<Write>& writes);

 private:
  // What one commit has gathered on its way.
  struct Batch {
    JournalWriter journal;
    JournalHeads::Moved moved;
    std::vector<const CloseExecution*> closed;
  };

  struct CutRecord {
    std::string rest;
    std::vector<LargePart> large_parts;
  };

  Result<void> write_all(const std::vector<Write>& writes);
  template <typename Row>
  Result<void> write(Batch&, const Row& row) {
    return store::write(*connection_, row);  // of the catalogue, documents
  }
  Result<void> write(Batch& batch, const OpenExecution& opened);
  Result<void> write(Batch& batch, const AppendRecord& append);
  Result<CutRecord> keep_apart(const AppendRecord& append);
  Result<void> write(Batch& batch, const CloseExecution& closed);
  Result<void> write(Batch& batch, const ReopenExecution& reopened);
  Result<void> close(const CloseExecution& closed);
  Result<void> write_journal(std::vector<JournalRow> rows);
  Result<void> write_heads(JournalHeads::Moved heads);
  Result<int64_t> head(const Batch& batch, int64_t execution_id);

  std::unique_ptr<Connection> connection_;
  JournalHeads& heads_;
  const CheckpointLimits limits_;
  int64_t next_position_ = 1;
  int64_t checkpoint_ = 0;  // heads moved up to this position are in their rows
  bool is_poisoned_ = false;
};

}  // namespace pawl::store
