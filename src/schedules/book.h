#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.h"
#include "schedules/schedule.h"
#include "store/store.h"

namespace pawl::schedules {

// All schedules by name, in memory, and the rows that make their changes durable. Knows no clock.
class Book {
 public:
  // REQUIRES: it is empty.
  Result<void> fold(store::Store& store);
  // Of the changes since it was asked the last time.
  std::vector<store::Write> take_rows();

  // Errors: ConflictException, ResourceNotFoundException, or what the definition lacks.
  Result<void> create(Definition definition, const std::string& client_token, Instant now);
  Result<void> update(const json::Value& shown, Instant now);
  Result<void> set_enabled(const std::string& name, bool is_enabled, Instant now);
  Result<void> erase(const std::string& name);
  Result<void> run_by_hand(const std::string& name, Instant now);

  const std::map<std::string, Schedule>& all() const { return schedules_; }
  Result<const Schedule*> find(const std::string& name) const;

  void settle(const Look& look);
  std::vector<Launch> launches(Instant now) const;
  void launched(const Launch& launch, const Result<std::string>& execution_arn, Instant now);
  std::optional<Instant> next_look() const;

 private:
  Result<void> change(Schedule& schedule, Definition definition, Instant now);

  std::map<std::string, Schedule> schedules_;
  std::set<std::string> changed_, run_, erased_;
};

}  // namespace pawl::schedules
