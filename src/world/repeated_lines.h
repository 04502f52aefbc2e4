#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.h"

namespace pawl::world {

// Keeps a log from saying the same again and again: of lines that are alike, the first is written,
// and then one in each interval. Any thread.
class RepeatedLines {
 public:
  using Moment = std::chrono::steady_clock::time_point;

  explicit RepeatedLines(Duration interval) : interval_(interval) {}

  // How many like it were left out since the last one that was written; nothing: leave it out, too.
  std::optional<size_t> admit(std::string_view line, Moment now);

 private:
  struct Written {
    Moment at;
    size_t left_out = 0;  // since
  };

  const Duration interval_;
  std::mutex mutex_;
  std::map<std::string, Written, std::less<>> written_;
};

}  // namespace pawl::world
