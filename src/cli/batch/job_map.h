#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "json/value.h"

namespace pawl::cli {

// A job as Pawl.DrawJobs tells of it, for the watch view.
struct JobPicture {
  explicit JobPicture(const json::Value& drawn);
  std::string id, name, status, reason;
  std::string letters;  // a child's status each, see jobs::status_letters
  Instant created;
  std::optional<Instant> stopped;

  size_t count(char letter) const;
  size_t ended() const { return count('D') + count('F'); }
  bool has_ended() const { return status == "SUCCEEDED" || status == "FAILED"; }
};

// How large a panel may be.
struct Panel {
  int columns = 80, rows = 24;
};

// Jobs side by side, as many lines as fit: of each its name, its counts, its progress, and a map
// with a cell for every child or, where they do not fit, for as many as it takes. A cell of several
// shows what most wants to be seen: one that has failed, one that runs.
std::vector<std::string> draw(const std::vector<JobPicture>& jobs,
                              const std::vector<RateMeter>& meters, const Terminal& terminal,
                              Instant now);

// The map alone, uncoloured: a letter for each cell.
std::string cells_of(std::string_view letters, size_t cells_max);

// "align: 812 of 1000 ended, 22 failed, 40 running, 148 waiting": a line for logs and pipes.
std::string line_of(const JobPicture& job);

}  // namespace pawl::cli
