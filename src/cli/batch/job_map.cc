#include "cli/batch/job_map.h"

#include <algorithm>

#include "base/text.h"
#include "cli/batch/jobs.h"

namespace pawl::cli {
namespace {

constexpr int gap = 2, narrowest = 24, bar_width = 10;
// Of a panel, beside the map: the name, its id, the progress and the counts.
constexpr int heading_rows = 4;

struct Look {
  char letter;
  std::string_view sign, ascii;
  Color color;
};
// What a cell shows, in the order of what most wants to be seen.
constexpr Look looks[] = {{'F', "✗", "X", Color::red},  {'R', "▶", ">", Color::cyan},
                          {'S', "▷", "-", Color::cyan}, {'Q', "○", "o", Color::yellow},
                          {'P', "·", ".", Color::dim},  {'D', "■", "#", Color::green}};

const Look& look_of(char letter) { return *std::ranges::find(looks, letter, &Look::letter); }

// A line of the map, painted in runs so that a terminal has little to read.
std::string painted(std::string_view cells, const Terminal& terminal) {
  std::string line;
  for (size_t at = 0; at < cells.size();) {
    const size_t end = std::min(cells.find_first_not_of(cells[at], at), cells.size());
    const Look& look = look_of(cells[at]);
    std::string run;
    for (; at < end; ++at) run += terminal.has_unicode() ? look.sign : look.ascii;
    line += terminal.paint(look.color, run);
  }
  return line;
}

std::string heading(const JobPicture& job, const Terminal& terminal, Instant now) {
  const Duration took = job.stopped.value_or(now) - job.created;
  const Color color = job.status == "SUCCEEDED" ? Color::green
                      : job.status == "FAILED"  ? Color::red
                                                : Color::bold;
  return concat(terminal.paint(color, job.name), "  ", job.status, "  ",
                format_duration(std::max(took, Duration())));
}

std::string counts(const JobPicture& job) {
  std::vector<std::string> pieces = {concat("ok ", job.count('D'))};
  const auto add = [&](std::string_view word, size_t number) {
    if (number > 0) pieces.push_back(concat(word, " ", number));
  };
  add("fail", job.count('F'));
  add("run", job.count('R'));
  add("start", job.count('S'));
  add("ready", job.count('Q'));
  add("wait", job.count('P'));
  return join(pieces, "  ");
}

// In a narrow panel without its bar: the map below shows as much.
std::string progress(const JobPicture& job, const RateMeter& meter, const Terminal& terminal,
                     size_t columns) {
  if (job.has_ended()) {
    const auto all = static_cast<double>(job.letters.size());
    return concat(bar(static_cast<double>(job.ended()) / all, bar_width, terminal.has_unicode()),
                  "  ", job.ended(), "/", job.letters.size());
  }
  const std::string text =
      progress_text({job.ended(), job.letters.size(), ""}, meter, terminal.has_unicode());
  return display_width(text) <= columns ? text : text.substr(text.find("  ") + 2);
}

std::vector<std::string> draw_one(const JobPicture& job, const RateMeter& meter, const Panel& panel,
                                  const Terminal& terminal, Instant now) {
  const auto columns = static_cast<size_t>(panel.columns);
  std::vector<std::string> lines = {heading(job, terminal, now), terminal.paint(Color::dim, job.id),
                                    progress(job, meter, terminal, columns), counts(job)};
  const auto rows = static_cast<size_t>(std::max(1, panel.rows - heading_rows));
  const std::string cells = cells_of(job.letters, rows * columns);
  for (size_t at = 0; at < cells.size(); at += columns)
    lines.push_back(painted(std::string_view(cells).substr(at, columns), terminal));
  return lines;
}

// Panels next to each other.
std::vector<std::string> beside(const std::vector<std::vector<std::string>>& panels, int columns) {
  size_t height = 0;
  for (const auto& panel : panels) height = std::max(height, panel.size());
  std::vector<std::string> lines(height);
  for (const auto& panel : panels) {
    for (size_t row = 0; row < height; ++row) {
      std::string cell = row < panel.size() ? fit(panel[row], static_cast<size_t>(columns)) : "";
      const size_t blanks = static_cast<size_t>(columns + gap) - display_width(cell);
      lines[row] += cell + std::string(blanks, ' ');
    }
  }
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines;
}

}  // namespace

JobPicture::JobPicture(const json::Value& drawn)
    : id(drawn.string_at("jobId").value_or("")),
      name(drawn.string_at("jobName").value_or("")),
      status(drawn.string_at("status").value_or("")),
      reason(drawn.string_at("statusReason").value_or("")),
      letters(drawn.string_at("letters").value_or("")),
      created(batch_moment(drawn, "createdAt").value_or(Instant())),
      stopped(batch_moment(drawn, "stoppedAt")) {}

size_t JobPicture::count(char letter) const {
  return static_cast<size_t>(std::ranges::count(letters, letter));
}

std::string cells_of(std::string_view letters, size_t cells_max) {
  if (letters.empty() || cells_max == 0) return {};
  const size_t of_cell = (letters.size() + cells_max - 1) / cells_max;
  std::string cells;
  for (size_t at = 0; at < letters.size(); at += of_cell) {
    const std::string_view some = letters.substr(at, of_cell);
    for (const Look& look : looks)
      if (some.find(look.letter) != some.npos) {
        cells += look.letter;
        break;
      }
  }
  return cells;
}

std::vector<std::string> draw(const std::vector<JobPicture>& jobs,
                              const std::vector<RateMeter>& meters, const Terminal& terminal,
                              Instant now) {
  // The last row stays free for the cursor.
  const int columns = terminal.columns(), rows = terminal.rows() - 1;
  const auto count = static_cast<int>(jobs.size());
  const int in_a_row = std::clamp((columns + gap) / (narrowest + gap), 1, std::max(1, count));
  const int rows_of_panels = (count + in_a_row - 1) / in_a_row;
  const Panel panel{(columns + gap) / in_a_row - gap,
                    std::max(heading_rows + 1, rows / std::max(1, rows_of_panels))};
  std::vector<std::string> lines;
  for (size_t first = 0; first < jobs.size(); first += static_cast<size_t>(in_a_row)) {
    std::vector<std::vector<std::string>> panels;
    for (size_t at = first; at < jobs.size() && at < first + static_cast<size_t>(in_a_row); ++at)
      panels.push_back(draw_one(jobs[at], meters[at], panel, terminal, now));
    for (std::string& line : beside(panels, panel.columns)) lines.push_back(std::move(line));
  }
  // More cannot be taken back from the screen.
  if (lines.size() > static_cast<size_t>(rows)) lines.resize(static_cast<size_t>(rows));
  return lines;
}

std::string line_of(const JobPicture& job) {
  std::string line = concat(job.name, " ", job.id, "  ", job.status, "  ", job.ended(), " of ",
                            job.letters.size(), " ended");
  const auto add = [&](size_t number, std::string_view word) {
    if (number > 0) line += concat(", ", number, " ", word);
  };
  add(job.count('F'), "failed");
  add(job.count('R'), "running");
  add(job.count('S'), "starting");
  add(job.count('Q'), "ready");
  add(job.count('P'), "waiting");
  return line;
}

}  // namespace pawl::cli
