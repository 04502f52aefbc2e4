#include "schedules/times/zone_rule.h"

#include <algorithm>

namespace pawl::schedules {

// Reads from left to right; after the first piece that is none it has failed.
class ZoneRule::Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool is_at_end() const { return rest_.empty(); }
  bool has_failed() const { return has_failed_; }
  bool is_next(char c) const { return rest_.starts_with(c); }
  bool take(char c) {
    if (!is_next(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }
  void want(char c) { has_failed_ |= !take(c); }

  // "CET" or "<+01>".
  void name() {
    if (take('<')) {
      while (!rest_.empty() && !is_next('>')) rest_.remove_prefix(1);
      return want('>');
    }
    const size_t size = std::min(rest_.find_first_of("+-,0123456789"), rest_.size());
    has_failed_ |= size < 3;
    rest_.remove_prefix(size);
  }

  int number() {
    int number = 0;
    has_failed_ |= rest_.empty() || !is_digit(rest_[0]);
    for (int digits = 0; !rest_.empty() && is_digit(rest_[0]); rest_.remove_prefix(1)) {
      has_failed_ |= ++digits > 4;
      number = (number * 10 + (rest_[0] - '0')) % 10'000;
    }
    return number;
  }

  // [+-]hh[:mm[:ss]]
  seconds time() {
    const bool is_negative = take('-');
    if (!is_negative) take('+');
    seconds time = hours(number());
    if (take(':')) time += minutes(number());
    if (take(':')) time += seconds(number());
    return is_negative ? -time : time;
  }

  Day day() {
    Day day;
    if (take('M')) {
      day.month = number();
      want('.');
      day.week = number();
      want('.');
      day.day = number();
      has_failed_ |= day.month < 1 || day.month > 12 || day.week < 1 || day.week > 5 || day.day > 6;
    } else {
      day.kind = take('J') ? 'J' : 'n';
      day.day = number();
      has_failed_ |= day.day > 365 || (day.kind == 'J' && day.day < 1);
    }
    if (take('/')) day.time = time();
    return day;
  }

 private:
  static bool is_digit(char c) { return c >= '0' && c <= '9'; }

  std::string_view rest_;
  bool has_failed_ = false;
};

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
  Reader reader(text);
  ZoneRule rule;
  reader.name();
  rule.standard_ = -reader.time();  // written as what is added to reach UTC
  if (!reader.is_at_end()) {
    reader.name();
    rule.summer_ = reader.is_next(',') ? rule.standard_ + hours(1) : -reader.time();
    reader.want(',');
    rule.begin_ = reader.day();
    reader.want(',');
    rule.end_ = reader.day();
  }
  if (reader.has_failed() || !reader.is_at_end()) return std::nullopt;
  return rule;
}

LocalTime ZoneRule::moment(const Day& day, std::chrono::year year) {
  using std::chrono::days;
  using std::chrono::local_days;
  const local_days january_first(year / 1 / 1);
  if (day.kind == 'n') return january_first + days(day.day) + day.time;
  if (day.kind == 'J') {
    const bool is_past_leap_day = year.is_leap() && day.day > 59;
    return january_first + days(day.day - 1 + (is_past_leap_day ? 1 : 0)) + day.time;
  }
  const std::chrono::month month(static_cast<unsigned>(day.month));
  const std::chrono::weekday weekday(static_cast<unsigned>(day.day));
  if (day.week == 5) return local_days(year / month / weekday[std::chrono::last]) + day.time;
  return local_days(year / month / weekday[static_cast<unsigned>(day.week)]) + day.time;
}

std::vector<Offset> ZoneRule::changes(std::chrono::year year) const {
  if (!begin_) return {};
  // Each is told by the clock that goes until then.
  const Instant begin(moment(*begin_, year).time_since_epoch() - standard_);
  const Instant end(moment(*end_, year).time_since_epoch() - summer_);
  std::vector<Offset> changes{{begin, summer_}, {end, standard_}};
  if (end < begin) std::swap(changes[0], changes[1]);
  return changes;
}

}  // namespace pawl::schedules
