#include "restore/snapshots/inventory.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>

#include "base/text.h"

namespace pawl::restore {
namespace {

using postgres::Connection;
using postgres::ConnectionOptions;

// The text form of a value depends on these.
constexpr const char* session_sql =
    "SET search_path = pg_catalog; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; "
    "SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'; "
    "SET lc_monetary = 'C'; SET row_security = off; SET statement_timeout = 0; "
    "SET lock_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
    "SET max_parallel_workers_per_gather = 2; SET synchronize_seqscans = off";

constexpr const char* databases_sql =
    "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate "
    "ORDER BY datname COLLATE \"C\"";

constexpr const char* schemas_sql =
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
    "'information_schema' ORDER BY nspname COLLATE \"C\"";

// An unlogged table is empty after every restore, and a standby refuses to read it: nothing is said
// of its rows.
constexpr const char* tables_sql =
    "SELECT n.nspname, c.relname, pg_relation_size(c.oid), c.relpersistence = 'u' "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE c.relkind IN ('r', 'm') AND c.relpersistence <> 't' AND c.relispopulated "
    "AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' "
    "UNION ALL SELECT 'pg_catalog', 'pg_largeobject', pg_relation_size('pg_largeobject'), false "
    "WHERE EXISTS (SELECT FROM pg_largeobject)";

struct Table {
  TableInventory inventory;
  uint64_t bytes = 0;
};

class Taking {
 public:
  Taking(const ConnectionOptions& server, const InventoryProgress& progress,
         const world::Cancellation& cancellation)
      : server_(server), progress_(progress), cancellation_(cancellation) {}

  Result<Inventory> run(int connections) {
    TRY(list());
    // The biggest first, so that the last to end is a small one.
    std::stable_sort(tables_.begin(), tables_.end(), [](const Table& left, const Table& right) {
      return left.bytes > right.bytes;
    });
    const size_t count = std::min<size_t>(tables_.size(), std::max(connections, 1));
    std::vector<std::thread> threads;
    for (size_t at = 1; at < count; ++at) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    if (error_) return std::move(*error_);
    for (Table& table : tables_) inventory_.tables.push_back(std::move(table.inventory));
    std::sort(inventory_.tables.begin(), inventory_.tables.end(),
              [](const TableInventory& left, const TableInventory& right) {
                return std::tie(left.database, left.schema, left.name) <
                       std::tie(right.database, right.schema, right.name);
              });
    return std::move(inventory_);
  }

 private:
  Result<Connection> connect(const std::string& database) {
    ConnectionOptions options = server_;
    options.database = database;
    Connection connection = TRY(Connection::open(options, &cancellation_));
    TRY(connection.execute(session_sql));
    return connection;
  }

  Result<void> list() {
    Connection first = TRY(connect(server_.database));
    const auto databases = TRY(first.execute(databases_sql));
    for (size_t row = 0; row < databases.size(); ++row) {
      const std::string database(databases.at(row, 0));
      inventory_.databases.push_back(database);
      Connection connection = TRY(connect(database));
      const auto schemas = TRY(connection.execute(schemas_sql));
      for (size_t at = 0; at < schemas.size(); ++at) {
        inventory_.schemas.push_back(concat(database, ".", schemas.at(at, 0)));
      }
      const auto tables = TRY(connection.execute(tables_sql));
      for (size_t at = 0; at < tables.size(); ++at) {
        Table table;
        table.inventory.database = database;
        table.inventory.schema = tables.at(at, 0);
        table.inventory.name = tables.at(at, 1);
        table.inventory.checksum = "0";
        table.bytes = static_cast<uint64_t>(parse_integer(tables.at(at, 2)).value_or(0));
        table.inventory.is_unlogged = tables.at(at, 3) == "t";
        total_ += table.bytes;
        tables_.push_back(std::move(table));
      }
    }
    return {};
  }

  void work() {
    std::map<std::string, Connection> connections;
    for (;;) {
      const size_t next = next_.fetch_add(1);
      if (is_stopped_ || next >= tables_.size()) return;
      const auto counted = count(tables_[next], connections);
      if (!counted) {
        const std::lock_guard lock(mutex_);
        if (!error_) error_ = counted.error();
        is_stopped_ = true;
      }
    }
  }

  Result<void> count(Table& table, std::map<std::string, Connection>& connections) {
    TableInventory& inventory = table.inventory;
    if (!inventory.is_unlogged) {
      auto found = connections.find(inventory.database);
      if (found == connections.end()) {
        found = connections.emplace(inventory.database, TRY(connect(inventory.database))).first;
      }
      const std::string name = concat(postgres::quote_identifier(inventory.schema), ".",
                                      postgres::quote_identifier(inventory.name));
      // A sum does not depend on the order and, unlike an exclusive or, not on pairs either.
      auto rows = found->second.execute(
          concat("SELECT count(*), coalesce(sum(hashtextextended((whole.*)::text, 0)), 0) ",
                 "FROM ONLY ", name, " AS whole"),
          {}, {Duration(0), &cancellation_});
      if (!rows) return std::move(rows).error().within(concat("reading ", name));
      inventory.rows = parse_integer(rows->at(0, 0)).value_or(0);
      inventory.checksum = rows->at(0, 1);
    }
    const std::lock_guard lock(mutex_);
    done_ += table.bytes;
    if (progress_) progress_(done_, total_);
    return {};
  }

  const ConnectionOptions& server_;
  const InventoryProgress& progress_;
  const world::Cancellation& cancellation_;
  Inventory inventory_;
  std::vector<Table> tables_;
  std::atomic<size_t> next_{0};
  std::atomic<bool> is_stopped_{false};
  std::mutex mutex_;
  std::optional<Error> error_;
  uint64_t done_ = 0, total_ = 0;
};

using TableName = std::tuple<std::string, std::string, std::string>;

std::map<TableName, const TableInventory*> by_name(const Inventory& inventory) {
  std::map<TableName, const TableInventory*> tables;
  for (const TableInventory& table : inventory.tables) {
    tables[{table.database, table.schema, table.name}] = &table;
  }
  return tables;
}

void compare_names(const std::string& kind, std::vector<std::string> expected,
                   std::vector<std::string> actual, std::vector<std::string>& out) {
  std::sort(expected.begin(), expected.end());
  std::sort(actual.begin(), actual.end());
  for (const std::string& name : expected) {
    if (!std::binary_search(actual.begin(), actual.end(), name)) {
      out.push_back(concat(kind, " ", name, " is missing"));
    }
  }
  for (const std::string& name : actual) {
    if (!std::binary_search(expected.begin(), expected.end(), name)) {
      out.push_back(concat(kind, " ", name, " is not in the snapshot"));
    }
  }
}

}  // namespace

Result<Inventory> take_inventory(const ConnectionOptions& server, int connections,
                                 const InventoryProgress& progress,
                                 const world::Cancellation& cancellation) {
  return Taking(server, progress, cancellation).run(connections);
}

std::vector<std::string> differences(const Inventory& expected, const Inventory& actual) {
  std::vector<std::string> out;
  compare_names("database", expected.databases, actual.databases, out);
  compare_names("schema", expected.schemas, actual.schemas, out);
  const auto wanted = by_name(expected), found = by_name(actual);
  for (const auto& [key, table] : wanted) {
    const std::string name = table->full_name();
    const auto there = found.find(key);
    if (there == found.end()) {
      out.push_back(concat("table ", name, " is missing"));
    } else if (there->second->rows != table->rows) {
      out.push_back(
          concat("table ", name, " has ", there->second->rows, " rows, not ", table->rows));
    } else if (there->second->checksum != table->checksum) {
      out.push_back(concat("table ", name, " has other content in its ", table->rows, " rows"));
    }
  }
  for (const auto& [key, table] : found) {
    if (wanted.contains(key)) continue;
    out.push_back(concat("table ", table->full_name(), " is not in the snapshot"));
  }
  return out;
}

}  // namespace pawl::restore
