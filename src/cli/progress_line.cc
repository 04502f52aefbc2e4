#include "cli/progress_line.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"

namespace pawl::cli {
namespace {

constexpr Duration window = seconds(10);
constexpr int bar_width = 10;

double in_seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

void RateMeter::observe(Instant at, uint64_t done) {
  // A step that begins anew, after a crash or in the next state, begins a new measurement.
  if (!samples_.empty() && done < samples_.back().done) samples_.clear();
  if (!samples_.empty() && at <= samples_.back().at) return;
  samples_.push_back({at, done});
  while (samples_.size() > 2 && at - samples_[1].at >= window) samples_.pop_front();
}

std::optional<double> RateMeter::rate() const {
  if (samples_.size() < 2) return std::nullopt;
  const Duration time = samples_.back().at - samples_.front().at;
  return static_cast<double>(samples_.back().done - samples_.front().done) / in_seconds(time);
}

std::optional<Duration> RateMeter::remaining(uint64_t total) const {
  const auto speed = rate();
  if (!speed || *speed <= 0) return std::nullopt;
  const uint64_t done = samples_.back().done;
  const double left = done >= total ? 0 : static_cast<double>(total - done) / *speed;
  if (left > 1e9) return std::nullopt;
  return Duration(static_cast<int64_t>(left * 1e6));
}

std::string bar(double fraction, int width, bool has_unicode) {
  const double bounded = std::clamp(std::isnan(fraction) ? 0.0 : fraction, 0.0, 1.0);
  // Rounded down: a full bar means that it is done.
  const int full = static_cast<int>(bounded * width + 1e-9);
  std::string out;
  for (int cell = 0; cell < width; ++cell) {
    out += cell < full ? (has_unicode ? "█" : "#") : (has_unicode ? "░" : "-");
  }
  return out;
}

std::string amount_text(const Amount& amount) {
  const bool is_bytes = amount.unit == "bytes";
  const auto text = [&](uint64_t number) {
    return is_bytes ? format_bytes(number) : concat(number);
  };
  std::string out = text(amount.done);
  if (amount.total > 0) out += "/" + text(amount.total);
  if (!is_bytes && !amount.unit.empty()) out += " " + amount.unit;
  return out;
}

std::string rate_text(double rate, std::string_view unit) {
  if (unit == "bytes") return format_bytes(static_cast<uint64_t>(rate)) + "/s";
  const double rounded = rate < 100 ? std::round(rate * 10) / 10 : std::round(rate);
  return concat(rounded, unit.empty() ? "" : " ", unit, "/s");
}

std::string progress_text(const Amount& amount, const RateMeter& meter, bool has_unicode) {
  std::string out;
  if (amount.total > 0) {
    const double fraction = static_cast<double>(amount.done) / static_cast<double>(amount.total);
    out = bar(fraction, bar_width, has_unicode) + "  ";
  }
  out += amount_text(amount);
  const auto rate = meter.rate();
  if (rate && *rate > 0) out += "  " + rate_text(*rate, amount.unit);
  if (amount.total > 0 && amount.done < amount.total) {
    if (const auto left = meter.remaining(amount.total)) {
      // Whole seconds, rounded up: an estimate should not flicker, and never say "0".
      const auto whole = std::chrono::ceil<seconds>(*left);
      out += whole < minutes(1) ? concat("  ETA ", whole.count(), " s")
                                : "  ETA " + format_duration(whole);
    }
  }
  return out;
}

}  // namespace pawl::cli
