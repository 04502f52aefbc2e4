#include <algorithm>
#include <charconv>

#include "base/arn.h"
#include "base/hash.h"
#include "base/text.h"
#include "schedules/schedule.h"

namespace pawl::schedules {
namespace {

constexpr Duration pause_max = minutes(5);
// The service allows 80 characters, and the time and the sum behind it take 26.
constexpr size_t name_start_max = 54;

// 1 s, 2 s, 4 s, …
Duration pause_after(int64_t attempts) {
  return attempts > 9 ? pause_max : std::min<Duration>(pause_max, seconds(1 << (attempts - 1)));
}

std::string short_sum(std::string_view text, size_t digits) {
  return sha256(text).substr(0, digits);
}

std::string as_context_attribute(Instant instant) {
  return format_instant(instant).substr(0, 19) + "Z";
}

}  // namespace

// The same instant gives the same moment within the window, whoever asks.
Instant Schedule::start_within_window(Instant due) const {
  if (definition_.window == Duration()) return due;
  const std::string sum = short_sum(concat(definition_.name, due.time_since_epoch().count()), 12);
  int64_t chosen = 0;
  std::from_chars(sum.data(), sum.data() + sum.size(), chosen, 16);
  return due + Duration(chosen % definition_.window.count());
}

// A schedule that is deleted and created again has other names.
std::string Schedule::execution_name(const Run& run) const {
  const std::string_view by_hand = run.trigger == Trigger::by_hand ? " by hand" : "";
  const std::string sum =
      short_sum(concat(definition_.name, " ", created_.time_since_epoch().count(), " ",
                       run.due.time_since_epoch().count(), by_hand),
                8);
  std::string time = replace_all(as_context_attribute(run.due), "-", "");
  time = replace_all(time, ":", "");
  return concat(std::string_view(definition_.name).substr(0, name_start_max), "-", time, "-", sum);
}

std::string Schedule::execution_arn(const Run& run) const {
  const auto arn = parse_arn(definition_.target_arn);
  const auto pieces = arn->resource_pieces();
  return concat("arn:", arn->partition, ":states:", arn->region, ":", arn->account,
                ":execution:", pieces.at(1), ":", execution_name(run));
}

// Amazon EventBridge Scheduler User Guide, "Adding context attributes".
std::string Schedule::input_of(const Run& run) const {
  const auto arn = parse_arn(definition_.target_arn);
  std::string input = definition_.input;
  const std::pair<std::string_view, std::string> attributes[] = {
      {"schedule-arn", concat("arn:aws:scheduler:", arn->region, ":", arn->account,
                              ":schedule/default/", definition_.name)},
      {"scheduled-time", as_context_attribute(run.due)},
      {"execution-id", short_sum(execution_name(run), 16)},
      {"attempt-number", concat(run.attempts + 1)}};
  for (const auto& [name, value] : attributes)
    input = replace_all(input, concat("<aws.scheduler.", name, ">"), value);
  return input;
}

std::vector<Launch> Schedule::launches(Instant now) const {
  std::vector<Launch> launches;
  for (const Run& run : runs_)
    if (run.outcome == Outcome::waiting && run.at <= now)
      launches.push_back({.schedule = definition_.name,
                          .due = run.due,
                          .trigger = run.trigger,
                          .machine_arn = definition_.target_arn,
                          .execution_name = execution_name(run),
                          .input = input_of(run)});
  return launches;
}

void Schedule::launched(const Launch& launch, const Result<std::string>& started, Instant now) {
  const auto run = std::find_if(runs_.begin(), runs_.end(), [&](const Run& each) {
    return each.due == launch.due && each.trigger == launch.trigger &&
           each.outcome == Outcome::waiting;
  });
  if (run == runs_.end()) return;
  run->attempts += 1;
  run->at = now;
  run->why.clear();
  const auto code = started ? ErrorCode::already_exists : started.error().code();
  if (code == ErrorCode::already_exists) {
    run->outcome = Outcome::started;
    run->execution_arn = started ? *started : execution_arn(*run);
    return;
  }
  run->why = started.error().text();
  const Instant again = now + pause_after(run->attempts);
  const bool is_given_up = run->trigger == Trigger::by_hand ||
                           code == ErrorCode::invalid_argument ||
                           run->attempts > definition_.retries_max || again > last_start(*run);
  if (is_given_up)
    run->outcome = Outcome::failed;
  else
    run->at = again;
}

}  // namespace pawl::schedules
