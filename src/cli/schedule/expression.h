#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace pawl::cli {

// When a schedule is to run, in one of three ways.
struct AskedTime {
  std::string cron, rate, at;
};
// As the service writes it: "rate(5 minutes)". Error: not exactly one is given, or a rate that is
// none.
Result<std::string> expression_of(const AskedTime& asked);

// The next due times from now on, without a server.
Result<std::vector<Instant>> next_times(const std::string& expression, const std::string& timezone,
                                        size_t count_max);

}  // namespace pawl::cli
