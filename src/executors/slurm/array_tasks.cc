#include "executors/slurm/array_tasks.h"

#include "base/text.h"

namespace pawl::executors {
namespace {

constexpr int64_t tasks_max = 1'000'000;

struct Range {
  int64_t first, last, step;
};

std::optional<Range> parse_range(std::string_view text) {
  int64_t step = 1;
  if (const size_t colon = text.find(':'); colon != text.npos) {
    step = parse_integer(text.substr(colon + 1)).value_or(0);
    text = text.substr(0, colon);
  }
  const size_t dash = text.find('-');
  const auto first = parse_integer(text.substr(0, dash));
  const auto last = dash == text.npos ? first : parse_integer(text.substr(dash + 1));
  if (!first || !last || *first < 0 || *last < *first || step < 1) return std::nullopt;
  if (*last > INT32_MAX) return std::nullopt;
  return Range{*first, *last, step};
}

}  // namespace

std::string format_tasks(const std::vector<int32_t>& tasks) {
  std::string text;
  for (size_t at = 0; at < tasks.size();) {
    size_t last = at;
    while (last + 1 < tasks.size() && tasks[last + 1] == tasks[last] + 1) ++last;
    if (!text.empty()) text += ',';
    text += concat(tasks[at]);
    if (last > at) text += concat('-', tasks[last]);
    at = last + 1;
  }
  return text;
}

std::optional<std::vector<int32_t>> parse_tasks(std::string_view text) {
  std::vector<int32_t> tasks;
  for (const auto piece : split(text.substr(0, text.find('%')), ',')) {
    const auto range = parse_range(piece);
    if (!range) return std::nullopt;
    const int64_t count = (range->last - range->first) / range->step + 1;
    if (static_cast<int64_t>(tasks.size()) + count > tasks_max) return std::nullopt;
    for (int64_t task = range->first; task <= range->last; task += range->step)
      tasks.push_back(static_cast<int32_t>(task));
  }
  return tasks;
}

}  // namespace pawl::executors
