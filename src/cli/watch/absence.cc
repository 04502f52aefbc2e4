#include "cli/watch/absence.h"

#include "base/text.h"

namespace pawl::cli {

Result<void> Absence::note(const Error& error) {
  if (error.code() != ErrorCode::unavailable && error.code() != ErrorCode::timed_out) return error;
  const auto now = std::chrono::steady_clock::now();
  if (!is_away_) {
    is_away_ = true;
    since_ = now;
    say_(concat("the server at ", client_.url(), " does not answer; trying again for ",
                format_duration(limit_)));
  }
  if (now - since_ >= limit_) return Error(ErrorCode::unavailable, error.message(), error.hint());
  return {};
}

void Absence::end() {
  if (is_away_) say_("the server is back");
  is_away_ = false;
}

}  // namespace pawl::cli
