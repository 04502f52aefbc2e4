#include "store/texts.h"

#include "base/hash.h"
#include "base/text.h"

namespace pawl::store {

Result<int64_t> text_id(Connection& connection, std::string_view text) {
  const std::string hash = sha256(text);
  {
    Statement find = TRY(connection.statement("SELECT id FROM texts WHERE hash = ?"));
    find.bind(hash);
    if (TRY(find.step())) return find.integer(0);
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
  Statement row = TRY(connection.statement("SELECT text FROM texts WHERE id = ?"));
  row.bind(id);
  if (TRY(row.step())) return row.text(0);
  return Error(ErrorCode::corrupt, concat("the text ", id, " is missing in the data file"),
               "Restore the data directory from a backup.");
}

}  // namespace pawl::store
