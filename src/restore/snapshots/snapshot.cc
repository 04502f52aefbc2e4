#include "restore/snapshots/snapshot.h"

#include "base/text.h"

namespace pawl::restore {
namespace {

using json::Value;

Error unreadable(std::string_view what) {
  return Error(ErrorCode::corrupt, concat("a snapshot's description has no ", what));
}

Result<std::string> text_at(const Value& value, std::string_view name) {
  auto text = value.string_at(name);
  if (!text) return unreadable(name);
  return std::move(*text);
}

Result<uint64_t> count_at(const Value& value, std::string_view name) {
  const auto count = value.integer_at(name);
  if (!count || *count < 0) return unreadable(name);
  return static_cast<uint64_t>(*count);
}

Value to_json(const std::vector<std::string>& texts) {
  Value::Array array;
  for (const std::string& text : texts) array.emplace_back(text);
  return array;
}

Result<std::vector<std::string>> texts_at(const Value& value, std::string_view name) {
  const Value* array = value.find(name);
  if (array == nullptr || !array->is_array()) return unreadable(name);
  std::vector<std::string> texts;
  for (const Value& text : array->elements()) {
    if (!text.is_string()) return unreadable(name);
    texts.emplace_back(text.string());
  }
  return texts;
}

}  // namespace

int64_t Inventory::rows() const {
  int64_t sum = 0;
  for (const TableInventory& table : tables) sum += table.rows;
  return sum;
}

std::vector<std::string> Inventory::unlogged() const {
  std::vector<std::string> names;
  for (const TableInventory& table : tables) {
    if (table.is_unlogged) names.push_back(table.full_name());
  }
  return names;
}

std::optional<std::string> unlogged_warning(const Inventory& inventory) {
  const auto names = inventory.unlogged();
  if (names.empty()) return std::nullopt;
  return concat("unlogged tables come back empty, since backups leave their data out: ",
                join(names, ", "));
}

std::optional<std::string> Snapshot::note() const {
  const std::string day = format_date(taken);
  if (day == date) return std::nullopt;
  return concat("taken on ", day, " and named for ", date);
}

Value to_json(const Inventory& inventory) {
  Value::Array tables;
  for (const TableInventory& table : inventory.tables) {
    Value entry = Value::object({{"database", table.database},
                                 {"schema", table.schema},
                                 {"name", table.name},
                                 {"rows", table.rows},
                                 {"checksum", table.checksum}});
    tables.push_back(table.is_unlogged ? entry.with("unlogged", true) : entry);
  }
  return Value::object({{"databases", to_json(inventory.databases)},
                        {"schemas", to_json(inventory.schemas)},
                        {"tables", Value(std::move(tables))}});
}

Result<Inventory> inventory_from_json(const Value& value) {
  Inventory inventory;
  inventory.databases = TRY(texts_at(value, "databases"));
  inventory.schemas = TRY(texts_at(value, "schemas"));
  const Value* tables = value.find("tables");
  if (tables == nullptr || !tables->is_array()) return unreadable("tables");
  for (const Value& entry : tables->elements()) {
    TableInventory table;
    table.database = TRY(text_at(entry, "database"));
    table.schema = TRY(text_at(entry, "schema"));
    table.name = TRY(text_at(entry, "name"));
    table.rows = static_cast<int64_t>(TRY(count_at(entry, "rows")));
    table.checksum = TRY(text_at(entry, "checksum"));
    table.is_unlogged = entry.boolean_at("unlogged").value_or(false);
    inventory.tables.push_back(std::move(table));
  }
  return inventory;
}

Value to_json(const Snapshot& snapshot) {
  Value value = Value::object({{"name", snapshot.name},
                               {"cluster", snapshot.cluster},
                               {"region", snapshot.region},
                               {"date", snapshot.date},
                               {"taken", format_instant(snapshot.taken)},
                               {"engine_version", snapshot.engine_version},
                               {"system_identifier", snapshot.system_identifier},
                               {"bytes", snapshot.bytes},
                               {"files", snapshot.files}});
  if (const auto note = snapshot.note()) value = value.with("note", *note);
  return value.with("inventory", to_json(snapshot.inventory));
}

Result<Snapshot> snapshot_from_json(const Value& value) {
  Snapshot snapshot;
  snapshot.name = TRY(text_at(value, "name"));
  snapshot.cluster = TRY(text_at(value, "cluster"));
  snapshot.region = TRY(text_at(value, "region"));
  snapshot.date = TRY(text_at(value, "date"));
  const auto taken = parse_instant(TRY(text_at(value, "taken")));
  if (!taken) return unreadable("moment when it was taken");
  snapshot.taken = *taken;
  snapshot.engine_version = TRY(text_at(value, "engine_version"));
  snapshot.system_identifier = TRY(text_at(value, "system_identifier"));
  snapshot.bytes = TRY(count_at(value, "bytes"));
  snapshot.files = TRY(count_at(value, "files"));
  snapshot.inventory = TRY(inventory_from_json(value["inventory"]));
  return snapshot;
}

}  // namespace pawl::restore
