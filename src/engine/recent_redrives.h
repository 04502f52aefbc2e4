#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>

#include "base/time.h"

namespace pawl::engine {

// The last redrives that clients have given a token: who asks once more with the same one, because
// the answer was lost, is told the same and changes nothing. In memory only: over a restart of the
// server the execution's own state decides.
class RecentRedrives {
 public:
  std::optional<Instant> find(const std::string& arn, const std::string& token) const {
    const auto found = redriven_.find({arn, token});
    return found == redriven_.end() ? std::nullopt : std::optional(found->second);
  }
  void add(const std::string& arn, const std::string& token, Instant redriven) {
    if (token.empty() || !redriven_.emplace(std::pair(arn, token), redriven).second) return;
    order_.emplace_back(arn, token);
    if (order_.size() <= kept_max) return;
    redriven_.erase(order_.front());
    order_.pop_front();
  }

 private:
  static constexpr size_t kept_max = 10'000;
  std::map<std::pair<std::string, std::string>, Instant> redriven_;
  std::deque<std::pair<std::string, std::string>> order_;
};

}  // namespace pawl::engine
