#include "store/sqlite_writer.h"

#include <algorithm>

#include "base/text.h"
#include "store/execution_rows.h"
#include "store/missing_rows.h"
#include "store/row_checksums.h"
#include "store/store.h"
#include "store/texts.h"

namespace pawl::store {
namespace {

int64_t microseconds(Instant instant) { return instant.time_since_epoch().count(); }

}  // namespace

Result<void> SqliteWriter::recover() {
  TRY(refuse_damaged_facts(*connection_));
  {
    Statement statement =
        TRY(connection_->passing_statement("SELECT value FROM facts WHERE name = 'checkpoint'"));
    TRY(statement.step());
    checkpoint_ = statement.integer(0);
  }
  next_position_ = checkpoint_ + 1;
  Statement rows = TRY(connection_->passing_statement(
      "SELECT position, bytes FROM journal WHERE position > ? ORDER BY position"));
  rows.bind(checkpoint_);
  JournalHeads::Moved moved;
  while (TRY(rows.step())) {
    const int64_t position = rows.integer(0);
    if (position != next_position_) {
      return Error(
          ErrorCode::corrupt,
          concat("the journal's rows from ", next_position_, " to ", position - 1, " are missing"),
          "Restore the data directory from a backup.");
    }
    for (const JournalEntry& entry : TRY(read_journal_row(position, rows.bytes(1)))) {
      moved[entry.execution_id] = position;
    }
    next_position_ = position + 1;
  }
  heads_.publish(moved);
  TRY(tell_damaged_rows(*connection_));
  return refuse_missing_rows(*connection_, heads_);
}

Result<void> SqliteWriter::commit(const std::vector<Write>& writes) {
  if (is_poisoned_) {
    return Error(ErrorCode::failed, "the store has failed before and takes no more commits",
                 "Start the server again when the cause is removed.");
  }
  Result<void> written = write_all(writes);
  if (!written.has_value()) {
    // What has reached the disk of a failed commit is unknown until the file is opened again.
    is_poisoned_ = true;
    (void)connection_->execute("ROLLBACK");
  }
  return written;
}

Result<void> SqliteWriter::write_all(const std::vector<Write>& writes) {
  TRY(TRY(connection_->statement("BEGIN IMMEDIATE")).run());
  Batch batch{JournalWriter(next_position_), {}, {}};
  for (const Write& each : writes) {
    TRY(std::visit([&](const auto& row) { return write(batch, row); }, each));
  }
  std::vector<JournalRow> rows = std::move(batch.journal).finish();
  const int64_t end = next_position_ + static_cast<int64_t>(rows.size());
  TRY(write_journal(std::move(rows)));
  for (const CloseExecution* closed : batch.closed) TRY(close(*closed));

  const bool is_checkpoint = heads_.size() + batch.moved.size() > limits_.moved_heads_max ||
                             end - checkpoint_ > limits_.journal_rows_max;
  if (is_checkpoint) {
    JournalHeads::Moved heads = heads_.all();
    for (const auto& [id, position] : batch.moved) heads[id] = position;
    TRY(write_heads(std::move(heads)));
    Statement fact =
        TRY(connection_->statement("UPDATE facts SET value = ?1, checksum = crc32c(name, ?1)"
                                   " WHERE name = 'checkpoint'"));
    TRY(fact.bind(end - 1).run());
  }
  TRY(TRY(connection_->statement("COMMIT")).run());
  if (TRY(connection_->has_lost_its_file()))
    return Error(ErrorCode::failed, "the data file was removed, or another one has its name",
                 "What was committed last is in no file any more. Start the server again.");

  next_position_ = end;
  heads_.publish(batch.moved);
  if (is_checkpoint) {
    checkpoint_ = end - 1;
    heads_.clear();
  }
  return {};
}

Result<void> SqliteWriter::write(Batch& batch, const OpenExecution& opened) {
  const Execution& execution = opened.execution;
  const int64_t definition = TRY(text_id(*connection_, execution.definition));
  Statement row = TRY(connection_->statement(
      "INSERT INTO executions (id, arn, name, machine_arn, definition, role_arn, started_by,"
      " started, type, version, alias, revision_id, settings, machine_updated, status, head,"
      " checksum, head_checksum)"
      " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, 0,"
      " xor(crc32c(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14),"
      " crc32c(?15, NULL, 0, NULL)), crc32c(?1, 0))"));
  row.bind(execution.id).bind(execution.arn).bind(execution.name).bind(execution.machine_arn);
  row.bind(definition).bind(execution.role_arn).bind(execution.started_by);
  row.bind(microseconds(execution.started)).bind(execution.type).bind(execution.version);
  row.bind(execution.alias).bind(execution.revision_id).bind(execution.settings);
  std::optional<int64_t> machine_updated;
  if (execution.machine_updated) machine_updated = microseconds(*execution.machine_updated);
  TRY(row.bind(machine_updated).bind(execution.status).run());

  const auto large = TRY(large_text_id(*connection_, execution.input));
  static const std::string insert = insertion("INSERT INTO inputs", columns::inputs);
  Statement input = TRY(connection_->statement(insert));
  input.bind(execution.id).bind(large ? std::string_view() : execution.input).bind(large);
  TRY(input.run());
  batch.moved[execution.id] = 0;
  return {};
}

Result<void> SqliteWriter::write(Batch& batch, const AppendRecord& append) {
  const int64_t previous = TRY(head(batch, append.execution_id));
  batch.moved[append.execution_id] = batch.journal.position();
  if (append.large_parts.empty()) {
    batch.journal.append(append.execution_id, previous, append.record);
    return {};
  }
  const CutRecord cut = TRY(keep_apart(append));
  batch.journal.append(append.execution_id, previous, cut.rest, cut.large_parts);
  return {};
}

Result<SqliteWriter::CutRecord> SqliteWriter::keep_apart(const AppendRecord& append) {
  CutRecord cut;
  const std::string_view record = append.record;
  size_t copied = 0;
  for (const ByteRange& part : append.large_parts) {
    cut.rest += record.substr(copied, part.offset - copied);
    copied = part.offset + part.size;
    const int64_t id = TRY(text_id(*connection_, record.substr(part.offset, part.size)));
    cut.large_parts.push_back({cut.rest.size(), id});
  }
  cut.rest += record.substr(copied);
  return cut;
}

Result<void> SqliteWriter::write(Batch& batch, const CloseExecution& closed) {
  batch.closed.push_back(&closed);
  return {};
}

Result<void> SqliteWriter::close(const CloseExecution& closed) {
  Statement row = TRY(connection_->statement(
      "UPDATE executions SET status = ?1, stopped = ?2,"
      " checksum = xor(checksum, crc32c(status, stopped, redrives, redriven),"
      " crc32c(?1, ?2, redrives, redriven)) WHERE id = ?3"));
  TRY(row.bind(closed.status).bind(microseconds(closed.stopped)).bind(closed.execution_id).run());
  const auto large = TRY(large_text_id(*connection_, closed.output));
  static const std::string insert = insertion("INSERT INTO results", columns::results);
  Statement result = TRY(connection_->statement(insert));
  result.bind(closed.execution_id).bind(closed.error).bind(closed.cause);
  return result.bind(large ? std::string_view() : closed.output).bind(large).run();
}

// Executions that have closed are not in the way: closing comes last in a transaction.
Result<void> SqliteWriter::write(Batch&, const ReopenExecution& reopened) {
  Statement row = TRY(connection_->statement(
      "UPDATE executions SET status = 'RUNNING', stopped = NULL, redrives = redrives + 1,"
      " redriven = ?1, checksum = xor(checksum, crc32c(status, stopped, redrives, redriven),"
      " crc32c('RUNNING', NULL, redrives + 1, ?1)) WHERE id = ?2"));
  TRY(row.bind(microseconds(reopened.redriven)).bind(reopened.execution_id).run());
  Statement result = TRY(connection_->statement("DELETE FROM results WHERE execution = ?"));
  return result.bind(reopened.execution_id).run();
}

Result<void> SqliteWriter::write_journal(std::vector<JournalRow> rows) {
  for (const JournalRow& row : rows) {
    Statement statement = TRY(connection_->statement("INSERT INTO journal VALUES (?, ?)"));
    TRY(statement.bind(row.position).bind_bytes(row.bytes).run());
  }
  return {};
}

Result<void> SqliteWriter::write_heads(JournalHeads::Moved heads) {
  std::vector<std::pair<int64_t, int64_t>> ascending(heads.begin(), heads.end());
  std::sort(ascending.begin(), ascending.end());
  for (const auto& [id, position] : ascending) {
    Statement statement = TRY(connection_->statement(
        "UPDATE executions SET head = ?1, head_checksum = crc32c(id, ?1) WHERE id = ?2"));
    TRY(statement.bind(position).bind(id).run());
  }
  return {};
}

Result<int64_t> SqliteWriter::head(const Batch& batch, int64_t execution_id) {
  const auto moved = batch.moved.find(execution_id);
  if (moved != batch.moved.end()) return moved->second;
  if (const auto known = heads_.find(execution_id)) return *known;
  if (const auto kept = TRY(read_head(*connection_, execution_id))) return *kept;
  return Error(ErrorCode::not_found, concat("there is no execution ", execution_id));
}

}  // namespace pawl::store
