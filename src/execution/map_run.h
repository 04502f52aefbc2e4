#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "execution/effect.h"

namespace pawl::execution {

// One run of a distributed Map: what is asked of it, and how its children are doing. The children
// are iterations within the execution that has the Map, and look like executions from outside.

// What a task asks for in the name of a run: the array of its items, or that its results be left
// somewhere. The request to read has what is read and how; the request to write is
// results_request().
constexpr std::string_view read_items_resource = "pawl:map:readItems";
constexpr std::string_view write_results_resource = "pawl:map:writeResults";

struct Errand {
  EffectId id = 0;
  std::string_view resource;
  json::Value request = {};
  Instant since = {};
  std::string error = {},
              cause = {};  // the run has failed, and ends so when its results are written
  // Children that have ended, whose results are written while others run; by index.
  std::optional<std::vector<int64_t>> part = {};
};

struct ChildRun {
  Status status = Status::running;
  Instant started;
  std::optional<Instant> stopped = {};
  json::Value input, output = {};
  std::string error = {}, cause = {};
  int64_t items = 1;  // of a batch: how many are in it
  int64_t redrives = 0;
};

// About what it takes as text, in memory and among the results.
int64_t bytes_of(const ChildRun& child);

// How many have come to which state: children, or the items in them.
class Tally {
 public:
  int64_t of(Status status) const { return counts_[static_cast<size_t>(status)]; }
  int64_t begun() const;
  void add(Status status, int64_t count) { counts_[static_cast<size_t>(status)] += count; }
  void move(Status from, Status to, int64_t count) {
    add(from, -count);
    add(to, count);
  }

 private:
  std::array<int64_t, 5> counts_{};
};

// Items that are read window by window, because all of them together may be more than memory has.
struct ItemStream {
  json::Value next;             // where the next window begins, as its reader knows it; or null
  json::Value rest;             // items of the last one that are no whole batch yet
  int64_t items = 0;            // that have been read
  int64_t bytes_waiting = 0;    // of what iterations will get
  int64_t bytes_at_work = 0;    // of children that run
  int64_t bytes_unwritten = 0;  // of those that have ended
  int64_t parts = 0;            // of the results, that were asked for
  json::Value files = {};       // that have been written, by the status of who is in them
};

struct MapRun {
  std::string arn;
  std::string state = {};      // the name of the Map
  std::string child_arn = {};  // of the child whose Map it is; empty: it is the execution's own
  Status status = Status::running;
  Instant started;
  std::optional<Instant> stopped;
  int64_t items = 0, executions = 0;  // those to be run, and those that have been
  bool has_items = true;              // its reader has read them, if it has one
  bool is_batched = false;
  int64_t concurrency_max = 0;  // 0: no limit
  std::optional<int64_t> failures_max;
  std::optional<double> failures_share_max;  // percent of the items
  json::Value writer;                        // the parameters of its ResultWriter, or null
  int64_t redrives = 0;
  std::optional<Instant> redriven = {};
  std::optional<Errand> errand = {};
  json::Value reading = {};  // the request to read the items
  std::optional<ItemStream> stream = {};
  // Those that have been started, by index. Of a stream those that have ended and whose results
  // nobody needs any more are left out.
  std::map<int64_t, ChildRun> children = {};
  Tally children_by, items_by;
  int64_t failures_tolerated = 0;  // in items

  void begin_child(int64_t index, ChildRun child);
  void end_child(int64_t index, const ChildRun& ended);
  void redrive_child(int64_t index);
  // Something else has ended the run, and the children that were at work.
  void cut_off(Instant now, Status ended);

  // Sets what is named: MaxConcurrency, ToleratedFailureCount, ToleratedFailurePercentage,
  // ResultWriter.
  void plan(const json::Value& named);
  bool writes_results() const { return writer.is_object(); }
  // All children have ended, and the last of their results are being written.
  bool is_ending() const;
  // How many items may fail; absent: the first failure is final.
  std::optional<int64_t> tolerated() const;
};

// The names of a run and of what belongs to it. The run's id names the execution that has it, and a
// child's name is that id with its index:
//
//   arn:aws:states:R:A:mapRun:orders/sheets:6b0e61c4-3a52-97b1-0000-00000000002a
//   arn:aws:states:R:A:execution:orders/sheets:6b0e61c4-3a52-97b1-0000-00000000002a-17
//   arn:aws:states:R:A:stateMachine:orders/sheets
struct ChildPlace {
  std::string run_arn;
  int64_t index = 0;
};
// `mark` is by chance: it tells the runs of an execution apart.
std::string map_run_id(uint64_t mark, int64_t execution_number);
std::optional<int64_t> execution_number_of(std::string_view run_arn);
std::string machine_arn_of(std::string_view run_arn);
std::string child_name(const ChildPlace& place);
std::string child_arn(const ChildPlace& place);
std::optional<ChildPlace> parse_child_arn(std::string_view arn);

}  // namespace pawl::execution
