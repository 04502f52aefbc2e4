#include "execution/map_run.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"
#include "execution/numbered_uuid.h"

namespace pawl::execution {
namespace {

std::string_view last_piece(std::string_view arn) { return arn.substr(arn.rfind(':') + 1); }

std::string of_kind(std::string_view run_arn, std::string_view kind) {
  return replace_all(run_arn.substr(0, run_arn.rfind(':')), ":mapRun:", kind);
}

}  // namespace

int64_t bytes_of(const ChildRun& child) {
  constexpr int64_t bytes_besides = 512;  // its names, moments and status, in a file of results
  return static_cast<int64_t>(child.input.text_size() + child.output.text_size()) + bytes_besides;
}

int64_t Tally::begun() const { return std::accumulate(counts_.begin(), counts_.end(), int64_t{0}); }

void MapRun::begin_child(int64_t index, ChildRun child) {
  children_by.add(child.status, 1);
  items_by.add(child.status, child.items);
  if (stream) stream->bytes_at_work += bytes_of(child);
  children[index] = std::move(child);
}

// What is known of the end takes the place of that it runs.
void MapRun::end_child(int64_t index, const ChildRun& ended) {
  ChildRun& child = children.at(index);
  children_by.move(child.status, ended.status, 1);
  items_by.move(child.status, ended.status, child.items);
  if (stream) stream->bytes_at_work -= bytes_of(child);
  child.status = ended.status;
  child.stopped = ended.stopped;
  child.output = ended.output;
  child.error = ended.error;
  child.cause = ended.cause;
}

void MapRun::redrive_child(int64_t index) {
  const ChildRun before = std::move(children.at(index));
  // It was at work when the execution was stopped.
  if (stream && before.status == Status::running) stream->bytes_at_work -= bytes_of(before);
  children_by.add(before.status, -1);
  items_by.add(before.status, -before.items);
  begin_child(index, {.started = before.started,
                      .input = before.input,
                      .items = before.items,
                      .redrives = before.redrives + 1});
}

void MapRun::cut_off(Instant now, Status ended) {
  status = ended;
  stopped = now;
  for (auto& [index, child] : children)
    if (child.status == Status::running)
      end_child(index, {.status = Status::aborted, .started = {}, .stopped = now, .input = {}});
}

bool MapRun::is_ending() const {
  return errand && errand->resource == write_results_resource && !errand->part;
}

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
