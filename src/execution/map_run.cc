#include "execution/map_run.h"

#include <algorithm>

#include "base/text.h"
#include "execution/numbered_uuid.h"

namespace pawl::execution {
namespace {

std::string_view last_piece(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

std::string of_kind(std::string_view run_arn, std::string_view kind) {
  return replace_all(run_arn.substr(0, run_arn.rfind(':')), ":mapRun:", kind);
}

}  // namespace

void MapRun::plan(const json::Value& named) {
  if (const auto most = named.integer_at("MaxConcurrency")) concurrency_max = *most;
  if (const auto count = named.integer_at("ToleratedFailureCount")) failures_max = *count;
  if (const auto share = named.number_at("ToleratedFailurePercentage")) failures_share_max = *share;
  if (const auto* parameters = named.find("ResultWriter")) writer = *parameters;
}

std::optional<int64_t> MapRun::tolerated() const {
  if (!failures_share_max) return failures_max;
  const auto share = static_cast<int64_t>(*failures_share_max * static_cast<double>(items) / 100);
  return failures_max ? std::min(*failures_max, share) : share;
}

std::string map_run_id(uint64_t mark, int64_t execution_number) {
  return numbered_uuid(hex16(mark), execution_number);
}

std::optional<int64_t> execution_number_of(std::string_view run_arn) {
  return number_of_uuid(last_piece(run_arn));
}

std::string machine_arn_of(std::string_view run_arn) { return of_kind(run_arn, ":stateMachine:"); }

std::string child_name(const ChildPlace& place) {
  return concat(last_piece(place.run_arn), "-", place.index);
}

std::string child_arn(const ChildPlace& place) {
  return concat(of_kind(place.run_arn, ":execution:"), ":", child_name(place));
}

std::optional<ChildPlace> parse_child_arn(std::string_view arn) {
  const std::string_view name = last_piece(arn);
  if (name.size() <= uuid_size + 1 || name[uuid_size] != '-') return std::nullopt;
  const auto index = parse_integer(name.substr(uuid_size + 1));
  if (!index || *index < 0) return std::nullopt;
  const std::string_view run = arn.substr(0, arn.size() - name.size() + uuid_size);
  // Other executions may be called so, but no machine's name has a slash.
  if (run.find('/') == run.npos) return std::nullopt;
  ChildPlace place{replace_all(run, ":execution:", ":mapRun:"), *index};
  if (!execution_number_of(place.run_arn) || child_arn(place) != arn) return std::nullopt;
  return place;
}

}  // namespace pawl::execution
