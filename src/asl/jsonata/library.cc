#include "asl/jsonata/library.h"

#include <unordered_map>

#include "asl/jsonata/functions/families.h"
#include "base/check.h"

namespace pawl::asl::jsonata {
namespace {

using Table = std::unordered_map<std::string_view, LibraryRow>;

void add(Table& table, std::span<const FunctionRow> rows) {
  for (const FunctionRow& row : rows) {
    auto parsed = Signature::parse(row.signature);
    CHECK(parsed.has_value());
    const uint8_t parameters = row.parameters == 0 ? row.arity : row.parameters;
    table.insert_or_assign(row.name, LibraryRow{row.name, row.signature, row.arity, parameters,
                                                row.function, *std::move(parsed)});
  }
}

Table table_of(Dialect dialect) {
  Table table;
  for (const auto family :
       {aggregate_functions, text_functions, pattern_functions, encoding_functions,
        number_functions, boolean_functions, higher_functions, array_functions, object_functions,
        time_functions, picture_functions})
    add(table, family());
  add(table, dialect == Dialect::states ? states_functions() : evaluation_functions());
  return table;
}

}  // namespace

const LibraryRow* find_library(std::string_view name, Dialect dialect) {
  static const Table plain = table_of(Dialect::plain);
  static const Table states = table_of(Dialect::states);
  const Table& table = dialect == Dialect::plain ? plain : states;
  const auto found = table.find(name);
  return found == table.end() ? nullptr : &found->second;
}

}  // namespace pawl::asl::jsonata
