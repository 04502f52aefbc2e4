#include "jobs/ready.h"

#include <algorithm>

#include "base/check.h"

namespace pawl::jobs {

void Ready::push(const std::string& share, int64_t priority, Range range) {
  waiting += range.count;
  if (!shares_.contains(share)) {
    std::optional<double> least;
    for (const auto& [other, levels] : shares_)
      least = std::min(least.value_or(given_[other]), given_[other]);
    given_[share] = std::max(given_[share], least.value_or(0));
  }
  std::deque<Range>& level = shares_[share][priority];
  if (!level.empty()) {
    Range& last = level.back();
    if (last.job == range.job && last.first + last.count == range.first) {
      last.count += range.count;
      return;
    }
  }
  level.push_back(range);
}

Ready::Range* Ready::next(const Weight& weight) {
  std::optional<std::pair<double, double>> least;
  for (const auto& [share, levels] : shares_) {
    const auto used = used_.find(share);
    const double counts = (used == used_.end() ? 0 : used->second) * weight(share);
    const std::pair claim(counts, given_[share]);
    if (least && claim >= *least) continue;
    least = claim;
    at_share_ = share;
  }
  return least ? &shares_.at(at_share_).begin()->second.front() : nullptr;
}

void Ready::pop() {
  const auto share = shares_.find(at_share_);
  CHECK(share != shares_.end());
  const auto level = share->second.begin();
  Range& range = level->second.front();
  --waiting;
  ++range.first;
  if (--range.count > 0) return;
  level->second.pop_front();
  if (!level->second.empty()) return;
  share->second.erase(level);
  if (share->second.empty()) shares_.erase(share);
}

void Ready::take(double cost) {
  given_[at_share_] += cost;
  pop();
}

void Ready::use(const std::string& share, double vcpus) {
  if ((used_[share] += vcpus) < 1e-9) used_.erase(share);
}

double Ready::used() const {
  double sum = 0;
  for (const auto& [share, vcpus] : used_) sum += vcpus;
  return sum;
}

}  // namespace pawl::jobs
