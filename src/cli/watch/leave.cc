#include "cli/watch/leave.h"

#include "base/text.h"

namespace pawl::cli {

int leave_running(const Session& session, const LeftRunning& left) {
  const int code = left.is_timeout ? exit_timed_out : exit_interrupted;
  const std::string text =
      concat(left.is_timeout ? "the time has passed" : "interrupted", "; ", left.what);
  if (session.wants_json()) {
    const ErrorCode error = left.is_timeout ? ErrorCode::timed_out : ErrorCode::cancelled;
    session.terminal.say(
        error_document({name(error), text, concat("To watch again: `", left.watch_again, "`.")}));
    return code;
  }
  // A terminal has written ^C on the line.
  session.terminal.say(concat(left.is_timeout ? "" : "\n", "pawl: ", text, ". To watch again:\n  ",
                              left.watch_again, "\n"));
  return code;
}

}  // namespace pawl::cli
