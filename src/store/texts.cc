#include "store/texts.h"

#include "base/hash.h"
#include "base/text.h"
#include "store/read_budget.h"

namespace pawl::store {

Result<int64_t> text_id(Connection& connection, std::string_view text) {
  const std::string hash = sha256(text);
  std::optional<int64_t> damaged;
  {
    Statement find = TRY(connection.statement("SELECT id, text FROM texts WHERE hash = ?"));
    find.bind(hash);
    if (TRY(find.step())) {
      if (find.bytes(1) == text) return find.integer(0);
      damaged = find.integer(0);
    }
  }
  if (damaged) {
    Statement mend = TRY(connection.statement("UPDATE texts SET text = ? WHERE id = ?"));
    TRY(mend.bind(text).bind(*damaged).run());
    return *damaged;
  }
  Statement insert =
      TRY(connection.statement("INSERT INTO texts (hash, text) VALUES (?, ?) RETURNING id"));
  insert.bind(hash).bind(text);
  TRY(insert.step());
  return insert.integer(0);
}

Result<std::optional<int64_t>> large_text_id(Connection& connection, std::string_view text) {
  if (text.size() < large_text_bytes_min) return std::optional<int64_t>();
  return std::optional<int64_t>(TRY(text_id(connection, text)));
}

Result<std::string> read_text(Connection& connection, int64_t id) {
  Statement row = TRY(connection.statement("SELECT text, hash FROM texts WHERE id = ?"));
  row.bind(id);
  const bool is_there = TRY(row.step());
  if (is_there) TRY(ReadBudget::take(row.bytes(0).size()));
  if (is_there && sha256(row.bytes(0)) == row.bytes(1)) return row.text(0);
  return Error(
      ErrorCode::corrupt,
      concat("the text ", id, is_there ? " is damaged" : " is missing", " in the data file"),
      "Restore the data directory from a backup.");
}

}  // namespace pawl::store
