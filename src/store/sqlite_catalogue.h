#pragma once

#include "store/catalogue.h"
#include "store/sqlite_readers.h"

namespace pawl::store {

// Reads the catalogue's tables. The readers must outlive it.
class SqliteCatalogue {
 public:
  explicit SqliteCatalogue(SqliteReaders& readers) : readers_(readers) {}

  Result<std::optional<Machine>> machine(const std::string& arn);
  Result<Page<Machine>> machines(const PageRequest& page);
  Result<std::optional<Version>> version(const std::string& machine_arn, int64_t number);
  Result<Page<Version>> versions(const std::string& machine_arn, const PageRequest& page);
  Result<std::optional<Alias>> alias(const std::string& arn);
  Result<std::vector<Alias>> aliases(const std::string& machine_arn);
  Result<std::optional<Activity>> activity(const std::string& arn);
  Result<Page<Activity>> activities(const PageRequest& page);
  Result<std::vector<Tag>> tags(const std::string& arn);

 private:
  SqliteReaders& readers_;
};

// Writes them, within the transaction that is open.
Result<void> write(Connection& connection, const PutMachine& put);
Result<void> write(Connection& connection, const DeleteMachine& removed);
Result<void> write(Connection& connection, const PutVersion& put);
Result<void> write(Connection& connection, const DeleteVersion& removed);
Result<void> write(Connection& connection, const PutAlias& put);
Result<void> write(Connection& connection, const DeleteAlias& removed);
Result<void> write(Connection& connection, const PutActivity& put);
Result<void> write(Connection& connection, const DeleteActivity& removed);
Result<void> write(Connection& connection, const PutTags& put);

}  // namespace pawl::store
