#include "schedules/book.h"

#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::schedules {
namespace {

constexpr const char* definition_kind = "schedule";
constexpr const char* runs_kind = "schedule runs";

Error not_found(const std::string& name) {
  return Error(ErrorCode::not_found,
               concat("ResourceNotFoundException: Schedule ", name, " does not exist."));
}

}  // namespace

Result<void> Book::fold(store::Store& store) {
  for (const store::Document& document : TRY(store.documents(definition_kind))) {
    auto schedule = Schedule::from_row(TRY(json::parse(document.text)));
    // Its zone is gone, say. That must not keep the others from running.
    if (!schedule)
      log(LogLevel::error, "a schedule cannot be read, and does not run",
          {{"schedule", document.key}, {"error", schedule.error().text()}});
    else
      schedules_.emplace(document.key, *std::move(schedule));
  }
  for (const store::Document& document : TRY(store.documents(runs_kind))) {
    const auto found = schedules_.find(document.key);
    if (found != schedules_.end()) found->second.fold_runs(TRY(json::parse(document.text)));
  }
  return {};
}

std::vector<store::Write> Book::take_rows() {
  std::vector<store::Write> rows;
  for (const std::string& name : erased_) {
    if (schedules_.contains(name)) continue;
    rows.push_back(store::DeleteDocument{definition_kind, name});
    rows.push_back(store::DeleteDocument{runs_kind, name});
  }
  const auto put = [&](const std::string& kind, const std::string& name, auto row_of) {
    const auto found = schedules_.find(name);
    if (found == schedules_.end()) return;
    rows.push_back(store::PutDocument{{kind, name, json::write((found->second.*row_of)())}});
  };
  for (const std::string& name : changed_) put(definition_kind, name, &Schedule::definition_row);
  for (const std::string& name : run_) put(runs_kind, name, &Schedule::runs_row);
  changed_.clear();
  run_.clear();
  erased_.clear();
  return rows;
}

Result<void> Book::create(Definition definition, const std::string& client_token, Instant now) {
  const std::string name = definition.name;
  if (const auto found = schedules_.find(name); found != schedules_.end()) {
    if (!client_token.empty() && found->second.client_token == client_token) return {};
    return Error(ErrorCode::already_exists,
                 concat("ConflictException: Schedule ", name, " already exists."));
  }
  auto schedule = TRY(Schedule::create(std::move(definition), now));
  schedule.client_token = client_token;
  schedules_.emplace(name, std::move(schedule));
  changed_.insert(name);
  run_.insert(name);
  return {};
}

Result<void> Book::change(Schedule& schedule, Definition definition, Instant now) {
  TRY(schedule.change(std::move(definition), now));
  changed_.insert(schedule.definition().name);
  run_.insert(schedule.definition().name);
  return {};
}

Result<void> Book::update(const json::Value& shown, Instant now) {
  const std::string name = shown.string_at("Name").value_or("");
  const auto found = schedules_.find(name);
  if (found == schedules_.end()) return not_found(name);
  auto definition = TRY(parse_definition(shown, found->second.definition().catch_up));
  return change(found->second, std::move(definition), now);
}

Result<void> Book::set_enabled(const std::string& name, bool is_enabled, Instant now) {
  const auto found = schedules_.find(name);
  if (found == schedules_.end()) return not_found(name);
  Definition definition = found->second.definition();
  definition.is_enabled = is_enabled;
  return change(found->second, std::move(definition), now);
}

Result<void> Book::erase(const std::string& name) {
  if (schedules_.erase(name) == 0) return not_found(name);
  erased_.insert(name);
  return {};
}

Result<void> Book::run_by_hand(const std::string& name, Instant now) {
  const auto found = schedules_.find(name);
  if (found == schedules_.end()) return not_found(name);
  found->second.run_by_hand(now);
  run_.insert(name);
  return {};
}

Result<const Schedule*> Book::find(const std::string& name) const {
  const auto found = schedules_.find(name);
  if (found == schedules_.end()) return not_found(name);
  return &found->second;
}

void Book::settle(const Look& look) {
  for (auto& [name, schedule] : schedules_)
    if (schedule.settle(look)) run_.insert(name);
}

std::vector<Launch> Book::launches(Instant now) const {
  std::vector<Launch> launches;
  for (const auto& [name, schedule] : schedules_)
    for (Launch& launch : schedule.launches(now)) launches.push_back(std::move(launch));
  return launches;
}

void Book::launched(const Launch& launch, const Result<std::string>& execution_arn, Instant now) {
  const auto found = schedules_.find(launch.schedule);
  if (found == schedules_.end()) return;
  found->second.launched(launch, execution_arn, now);
  run_.insert(launch.schedule);
  if (!found->second.definition().is_deleted_when_over || !found->second.is_over()) return;
  erased_.insert(launch.schedule);
  schedules_.erase(found);
}

std::optional<Instant> Book::next_look() const {
  std::optional<Instant> next;
  for (const auto& [name, schedule] : schedules_)
    if (const auto look = schedule.next_look()) next = std::min(next.value_or(*look), *look);
  return next;
}

}  // namespace pawl::schedules
