#include "restore/questions/estimate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.h"
#include "base/time.h"
#include "restore/seconds.h"

namespace pawl::restore::questions {
namespace {

constexpr size_t operations_looked_at = 50;
// What one disk of a small machine moves and checks, and what starting servers takes besides.
constexpr double assumed_bytes_per_second = 150e6, assumed_seconds = 5;

struct Measured {
  std::string id;
  double bytes = 0, seconds = 0;
};

std::optional<Measured> measured(const json::Value& state) {
  if (!(state["status"] == "SUCCEEDED")) return std::nullopt;
  const auto started = parse_instant(state.string_at("started").value_or(""));
  const auto ended = parse_instant(state.string_at("ended").value_or(""));
  const double bytes = state.number_at("snapshot_bytes").value_or(0);
  if (!started || !ended || *ended <= *started || bytes <= 0) return std::nullopt;
  return Measured{state.string_at("operation_id").value_or(""), bytes,
                  seconds_between(*started, *ended)};
}

}  // namespace

Result<Estimate> estimate(const Operations& operations, const std::string& region, uint64_t bytes,
                          uint64_t bytes_moved) {
  std::optional<Measured> nearest;
  double distance = std::numeric_limits<double>::max();
  const auto ids = TRY(operations.list(region));
  for (size_t i = 0; i < std::min(ids.size(), operations_looked_at); ++i) {
    const auto state = operations.read(region, ids[i]);
    const auto one = state ? measured(*state) : std::nullopt;
    if (!one) continue;
    const double apart = std::abs(std::log(one->bytes / std::max(1.0, static_cast<double>(bytes))));
    if (apart >= distance) continue;
    distance = apart;
    nearest = one;
  }
  if (!nearest) {
    return Estimate{assumed_seconds + static_cast<double>(bytes_moved) / assumed_bytes_per_second,
                    "an assumed 150 MB/s"};
  }
  // A part of every restore does not depend on its size: what is smaller is not scaled down.
  const double scale = std::max(1.0, static_cast<double>(bytes) / nearest->bytes);
  return Estimate{nearest->seconds * scale, concat("operation ", nearest->id)};
}

}  // namespace pawl::restore::questions
