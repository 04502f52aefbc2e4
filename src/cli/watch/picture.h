#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "json/value.h"

namespace pawl::cli {

enum class RowState { waiting, running, done, failed, skipped };

// What has failed and is, or will be, tried again.
struct Retry {
  std::string what;  // "preparing"
  int64_t failures = 1;
  std::string reason;
  std::optional<Instant> due = {};  // when; absent: it is being tried

  bool operator==(const Retry&) const = default;
};

// One line of a watch view: a database of a fleet, or a state of a machine.
struct Row {
  std::string name;
  std::string phase;  // "copying", "restored", "waiting"
  RowState state = RowState::waiting;
  std::optional<Amount> amount = {};
  RateMeter meter = {};
  std::string measured = {};          // what the meter measures; it begins anew with the next
  std::optional<Instant> due = {};    // of a wait
  std::optional<Duration> took = {};  // of one that has ended
  int64_t attempt = 1;
  std::optional<Retry> retry = {};
  std::string error = {}, cause = {};
};

// What is known of an execution that is being watched.
struct Picture {
  std::string arn, name, machine, status;
  std::string input, output;  // JSON texts
  Instant started;
  std::optional<Instant> stopped;
  std::string error, cause;
  std::vector<Row> rows;

  bool has_ended() const { return !status.empty() && status != "RUNNING"; }
};

// What an activity is doing, in a word: "copying" for the function aurora-restore-copy-snapshot,
// otherwise the name of its state.
std::string phase_of(const json::Value& activity);

// The block for a terminal: a header, and one line per row, with another where something is tried
// again.
std::vector<std::string> draw(const Picture& picture, const Terminal& terminal, Instant now);
// What has changed between two pictures, one line each, for logs and pipes.
std::vector<std::string> changes(const Picture& before, const Picture& after, Instant now);

}  // namespace pawl::cli
