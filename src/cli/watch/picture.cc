#include "cli/watch/picture.h"

#include <algorithm>
#include <map>

#include "base/text.h"

namespace pawl::cli {
namespace {

constexpr size_t rows_max = 20;

struct PhaseOfFunction {
  std::string_view function, phase;
};
constexpr PhaseOfFunction phases[] = {
    {"aurora-restore-snapshot-check", "finding snapshot"},
    {"aurora-restore-copy-snapshot", "copying"},
    {"aurora-restore-check-copy-status", "copying"},
    {"aurora-restore-prepare-target", "preparing"},
    {"aurora-restore-restore-snapshot", "restoring"},
    {"aurora-restore-check-restore-status", "restoring"},
    {"aurora-restore-setup-db-users", "setting up users"},
    {"aurora-restore-verify-restore", "verifying"},
    {"aurora-restore-swap-cluster", "swapping"},
    {"aurora-restore-archive-snapshot", "archiving"},
    {"aurora-restore-sns-notification", "notifying"},
    {"aurora-restore-cleanup", "cleaning up"},
    {"aurora-restore-record-failure", "recording failure"},
    {"pawl-restore-conclude", "concluding"},
};

Color color_of(RowState state) {
  switch (state) {
    case RowState::waiting:
      return Color::dim;
    case RowState::running:
      return Color::cyan;
    case RowState::done:
      return Color::green;
    case RowState::failed:
      return Color::red;
    case RowState::skipped:
      return Color::yellow;
  }
  return Color::plain;
}

Color color_of(std::string_view status) {
  if (status == "SUCCEEDED") return Color::green;
  return status == "RUNNING" ? Color::cyan : Color::red;
}

std::string padded(std::string_view text, size_t width) {
  return concat(text, std::string(width - std::min(width, display_width(text)), ' '));
}

// What stands behind the phase.
std::string details(const Row& row, const Terminal& terminal, Instant now) {
  if (row.state == RowState::failed)
    return concat(row.error, row.cause.empty() ? "" : ": ", row.cause);
  if (row.took) return "in " + format_duration(*row.took);
  if (row.amount) return progress_text(*row.amount, row.meter, terminal.has_unicode());
  if (row.due && *row.due > now) return "for another " + format_duration(*row.due - now);
  return {};
}

// "preparing failed twice: Restore.Unavailable: …; trying again in 8 s"
std::string retry_text(const Retry& retry, Instant now) {
  std::string text = concat(retry.what, " failed");
  if (retry.failures > 1) text += concat(" ", retry.failures, " times");
  if (!retry.reason.empty()) text += ": " + retry.reason;
  text += "; trying again";
  return retry.due && *retry.due > now ? concat(text, " in ", format_duration(*retry.due - now))
                                       : text;
}

// The time until the last row that is measured is done; nothing while some have not begun.
std::optional<Duration> time_left(const Picture& picture) {
  std::optional<Duration> longest;
  for (const Row& row : picture.rows) {
    if (row.state == RowState::waiting) return std::nullopt;
    if (row.state != RowState::running || !row.amount || row.amount->total == 0) continue;
    const auto left = row.meter.remaining(row.amount->total);
    if (left) longest = std::max(longest.value_or(Duration(0)), *left);
  }
  return longest;
}

std::string header(const Picture& picture, const Terminal& terminal, Instant now) {
  const Duration elapsed = picture.stopped.value_or(now) - picture.started;
  std::string line = concat(terminal.paint(Color::bold, picture.name), "  ",
                            terminal.paint(color_of(picture.status), picture.status), "  ",
                            format_duration(std::max(elapsed, Duration(0))));
  if (picture.has_ended()) return line;
  if (const auto left = time_left(picture); left && *left > seconds(0)) {
    line += "  ETA " + format_duration(std::chrono::ceil<seconds>(*left));
  }
  std::map<RowState, size_t> counts;
  for (const Row& row : picture.rows) ++counts[row.state];
  if (picture.rows.size() > 1) {
    line += concat("  done ", counts[RowState::done], " run ", counts[RowState::running], " fail ",
                   counts[RowState::failed], " wait ", counts[RowState::waiting]);
  }
  return line;
}

const Row* find_row(const Picture& picture, const std::string& name) {
  for (const Row& row : picture.rows) {
    if (row.name == name) return &row;
  }
  return nullptr;
}

std::string line_of(const Row& row) {
  std::string line = concat("  ", row.name, "  ", row.phase);
  if (row.attempt > 1) line += concat(" (attempt ", row.attempt, ")");
  if (row.took) line += " in " + format_duration(*row.took);
  if (row.state == RowState::failed && !row.error.empty()) {
    line += concat("  ", row.error, ": ", row.cause);
  }
  return line;
}

}  // namespace

std::string phase_of(const json::Value& activity) {
  const std::string resource = activity.string_at("resource").value_or("");
  for (const auto& known : phases) {
    if (resource.find(concat(":function:", known.function)) != resource.npos) {
      return std::string(known.phase);
    }
  }
  return activity.string_at("state").value_or("running");
}

std::vector<std::string> draw(const Picture& picture, const Terminal& terminal, Instant now) {
  std::vector<std::string> lines = {header(picture, terminal, now)};
  size_t name_width = 0, phase_width = 0;
  for (const Row& row : picture.rows) {
    name_width = std::max(name_width, display_width(row.name));
    phase_width = std::max(phase_width, display_width(row.phase));
  }
  for (size_t at = 0; at < picture.rows.size() && at < rows_max; ++at) {
    const Row& row = picture.rows[at];
    std::string line = concat("  ", padded(row.name, name_width), "  ",
                              terminal.paint(color_of(row.state), padded(row.phase, phase_width)),
                              "  ", details(row, terminal, now));
    if (row.attempt > 1) line += concat("  (attempt ", row.attempt, ")");
    lines.push_back(std::move(line));
    if (row.retry) lines.push_back("    " + retry_text(*row.retry, now));
  }
  if (picture.rows.size() > rows_max) {
    lines.push_back(concat("  … and ", picture.rows.size() - rows_max, " more"));
  }
  return lines;
}

std::vector<std::string> changes(const Picture& before, const Picture& after, Instant now) {
  std::vector<std::string> lines;
  if (before.status.empty()) lines.push_back(concat(after.name, "  ", after.status));
  for (const Row& row : after.rows) {
    const Row* old = find_row(before, row.name);
    const bool is_same = old != nullptr && old->phase == row.phase && old->attempt == row.attempt;
    if (!is_same) lines.push_back(line_of(row));
    if (row.retry && (old == nullptr || row.retry != old->retry)) {
      lines.push_back(concat("  ", row.name, "  ", retry_text(*row.retry, now)));
    }
  }
  const bool has_ended = !before.status.empty() && before.status != after.status;
  if (has_ended || (before.status.empty() && after.has_ended())) {
    const Duration took = after.stopped.value_or(after.started) - after.started;
    lines.push_back(concat(after.name, "  ", after.status, "  ", format_duration(took)));
  }
  return lines;
}

}  // namespace pawl::cli
