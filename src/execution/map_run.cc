#include "execution/map_run.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace pawl::execution {
namespace {

constexpr size_t id_size = 36;

std::string hex16(uint64_t number) {
  char digits[16];
  const auto end = std::to_chars(digits, digits + 16, number, 16).ptr;
  const auto size = static_cast<size_t>(end - digits);
  return std::string(16 - size, '0') + std::string(digits, size);
}

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
  const std::string first = hex16(mark), last = hex16(static_cast<uint64_t>(execution_number));
  return concat(first.substr(0, 8), "-", first.substr(8, 4), "-", first.substr(12), "-",
                last.substr(0, 4), "-", last.substr(4));
}

std::optional<int64_t> execution_number_of(std::string_view run_arn) {
  const std::string_view id = last_piece(run_arn);
  if (id.size() != id_size) return std::nullopt;
  const std::string digits = concat(id.substr(19, 4), id.substr(24));
  uint64_t number = 0;
  const char* end = digits.data() + digits.size();
  if (std::from_chars(digits.data(), end, number, 16).ptr != end) return std::nullopt;
  return static_cast<int64_t>(number);
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
  if (name.size() <= id_size + 1 || name[id_size] != '-') return std::nullopt;
  const auto index = parse_integer(name.substr(id_size + 1));
  if (!index || *index < 0) return std::nullopt;
  const std::string_view run = arn.substr(0, arn.size() - name.size() + id_size);
  // Other executions may be called so, but no machine's name has a slash.
  if (run.find('/') == run.npos) return std::nullopt;
  ChildPlace place{replace_all(run, ":execution:", ":mapRun:"), *index};
  if (!execution_number_of(place.run_arn) || child_arn(place) != arn) return std::nullopt;
  return place;
}

}  // namespace pawl::execution
