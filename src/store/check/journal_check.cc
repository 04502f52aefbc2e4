#include <algorithm>
#include <unordered_map>
#include <vector>

#include "base/text.h"
#include "store/check/reading.h"
#include "store/journal.h"

namespace pawl::store {
namespace {

// Reads the rows in their order and follows every history through them.
class JournalReading {
 public:
  explicit JournalReading(Reading& reading) : reading_(reading) {}

  Result<void> read_rows();
  // That every execution has a history, and that its row says the end of it as of the checkpoint.
  Result<void> compare_heads();

 private:
  struct End {
    int64_t last = 0, at_checkpoint = 0;
  };
  struct Lost {
    int64_t first, last;
  };

  Result<void> find_bounds();
  Result<void> find_texts();
  void lose(int64_t first, int64_t last, std::string_view how);
  bool is_lost(int64_t position) const;
  void read_row(int64_t position, std::string_view bytes);
  void follow(int64_t position, const JournalEntry& entry);
  void compare_head(int64_t id, const std::string& arn, int64_t head);

  Reading& reading_;
  int64_t checkpoint_ = 0, last_position_ = 0;
  std::unordered_map<int64_t, End> ends_;
  std::vector<Lost> lost_;  // in order
  std::vector<int64_t> texts_;
};

std::string row_name(int64_t position) { return concat("the journal's row ", position); }

Result<void> JournalReading::find_bounds() {
  Statement checkpoint =
      TRY(reading_.connection.statement("SELECT value FROM facts WHERE name = 'checkpoint'"));
  if (TRY(checkpoint.step())) checkpoint_ = checkpoint.integer(0);
  Statement last = TRY(reading_.connection.statement("SELECT max(position) FROM journal"));
  TRY(last.step());
  last_position_ = last.integer(0);
  return {};
}

void JournalReading::lose(int64_t first, int64_t last, std::string_view how) {
  lost_.push_back({first, last});
  if (first == last) {
    reading_.find(row_name(first), concat("is ", how));
  } else {
    reading_.find(concat("the journal's rows from ", first, " to ", last), concat("are ", how));
  }
}

// A history that leads there is not told once more.
bool JournalReading::is_lost(int64_t position) const {
  const auto after =
      std::upper_bound(lost_.begin(), lost_.end(), position,
                       [](int64_t wanted, const Lost& lost) { return wanted < lost.first; });
  return after != lost_.begin() && std::prev(after)->last >= position;
}

void JournalReading::follow(int64_t position, const JournalEntry& entry) {
  ++reading_.report.records;
  End& end = ends_[entry.execution_id];
  if (entry.previous != end.last && !is_lost(entry.previous)) {
    reading_.find(row_name(position), concat("has a record of execution ", entry.execution_id,
                                             " that follows one in row ", entry.previous,
                                             ", not the one in row ", end.last));
  }
  end.last = position;
  if (position <= checkpoint_) end.at_checkpoint = position;
}

void JournalReading::read_row(int64_t position, std::string_view bytes) {
  const auto entries = read_journal_row(position, bytes);
  if (!entries.has_value()) return lose(position, position, "damaged");
  for (const JournalEntry& entry : *entries) {
    follow(position, entry);
    for (const LargePart& part : entry.large_parts) {
      if (std::binary_search(texts_.begin(), texts_.end(), part.text_id)) continue;
      reading_.find(row_name(position), concat("has a record of execution ", entry.execution_id,
                                               " whose text ", part.text_id, " is missing"));
    }
  }
}

Result<void> JournalReading::find_texts() {
  Statement row = TRY(reading_.connection.statement("SELECT id FROM texts ORDER BY id"));
  while (TRY(row.step())) texts_.push_back(row.integer(0));
  return {};
}

Result<void> JournalReading::read_rows() {
  TRY(find_bounds());
  // Older formats have no large parts.
  if (reading_.report.texts > 0) TRY(find_texts());
  int64_t expected = 1;
  Statement row =
      TRY(reading_.connection.statement("SELECT position, bytes FROM journal ORDER BY position"));
  while (TRY(row.step())) {
    const int64_t position = row.integer(0);
    ++reading_.report.journal_rows;
    TRY(reading_.tell_now_and_then({.what = "reading the journal",
                                    .done = static_cast<uint64_t>(position),
                                    .total = static_cast<uint64_t>(last_position_),
                                    .unit = "rows"}));
    if (position > expected) lose(expected, position - 1, "missing");
    read_row(position, row.bytes(1));
    expected = position + 1;
  }
  if (expected <= checkpoint_) lose(expected, checkpoint_, "missing");
  return {};
}

void JournalReading::compare_head(int64_t id, const std::string& arn, int64_t head) {
  const auto found = ends_.find(id);
  const End end = found == ends_.end() ? End{} : found->second;
  if (found != ends_.end()) ends_.erase(found);
  // Where no row says the end of a history, it is behind the checkpoint.
  const bool is_end_lost =
      head == 0 ? !lost_.empty() && lost_.back().last > checkpoint_ : is_lost(head);
  if (end.last == 0 && !is_end_lost) {
    reading_.find("execution " + arn, "has no history");
  } else if (head != end.at_checkpoint && !is_lost(head)) {
    reading_.find("execution " + arn, concat("ends in the journal's row ", end.at_checkpoint,
                                             ", and its own row says ", head));
  }
}

Result<void> JournalReading::compare_heads() {
  Statement row =
      TRY(reading_.connection.statement("SELECT id, arn, head FROM executions ORDER BY id"));
  uint64_t done = 0;
  while (TRY(row.step())) {
    TRY(reading_.tell_now_and_then({.what = "comparing the ends of the histories",
                                    .done = ++done,
                                    .total = static_cast<uint64_t>(reading_.report.executions),
                                    .unit = "executions"}));
    compare_head(row.integer(0), row.text(1), row.integer(2));
  }
  std::vector<int64_t> without_row;
  for (const auto& [id, end] : ends_) without_row.push_back(id);
  std::sort(without_row.begin(), without_row.end());
  for (const int64_t id : without_row) {
    reading_.find(concat("execution ", id), "has a history, and no row of its own");
  }
  return {};
}

}  // namespace

Result<void> read_journal(Reading& reading, bool has_heads) {
  JournalReading journal(reading);
  TRY(journal.read_rows());
  return has_heads ? journal.compare_heads() : Result<void>();
}

}  // namespace pawl::store
