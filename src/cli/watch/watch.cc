#include "cli/watch/watch.h"

#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/names.h"
#include "cli/units.h"
#include "cli/watch/absence.h"
#include "cli/watch/follower.h"

namespace pawl::cli {
namespace {

constexpr Duration call_limit = seconds(10);

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

// Shows pictures: a block that is redrawn, or a line per change. Where standard output carries
// JSON, the lines go to standard error.
class View {
 public:
  View(const Session& session, bool is_silent)
      : session_(session), block_(session.terminal), is_silent_(is_silent) {}

  void show(const Picture& picture) {
    if (is_silent_) return;
    if (session_.terminal.is_interactive() && !session_.wants_json()) {
      block_.show(draw(picture, session_.terminal, now()));
    } else {
      for (const std::string& line : changes(before_, picture, now())) write(line + "\n");
    }
    before_ = picture;
  }

  void say(std::string_view text) {
    block_.clear();
    session_.terminal.say(concat("pawl: ", text, "\n"));
  }

 private:
  void write(const std::string& line) {
    session_.wants_json() ? session_.terminal.say(line) : session_.terminal.print(line);
  }

  const Session& session_;
  Block block_;
  Picture before_;
  bool is_silent_;
};

std::string last_failed_state(const Client& client, const std::string& arn) {
  const auto answer = client.call(
      "AWSStepFunctions.GetExecutionHistory",
      json::Value::object({{"executionArn", arn}, {"reverseOrder", true}, {"maxResults", 100}}));
  if (!answer || !(*answer)["events"].is_array()) return {};
  const json::Value events = (*answer)["events"];
  for (const json::Value& event : events.elements()) {
    const std::string type = event.string_at("type").value_or("");
    if (!type.ends_with("StateEntered")) continue;
    return event["stateEnteredEventDetails"].string_at("name").value_or("");
  }
  return {};
}

void explain_failure(const Session& session, const Picture& picture) {
  std::string text =
      concat("pawl: ", picture.name, " ", lower(replace_all(picture.status, "_", " ")));
  const std::string state = last_failed_state(session.client, picture.arn);
  if (!state.empty()) text += concat(" in state ", state);
  if (!picture.error.empty()) text += concat(": ", picture.error);
  text += "\n";
  if (!picture.cause.empty()) text += concat("  ", picture.cause, "\n");
  text += concat("next:\n  pawl execution history ", picture.arn, "\n  pawl execution show ",
                 picture.arn, "\n");
  if (is_shipped(picture.machine)) {
    text += concat("  pawl restore report ", picture.name, "\n");
  }
  if (picture.machine == "restore-batch") {
    text += concat("  pawl restore run --failed-of ", picture.name, "\n");
  }
  session.terminal.say(text);
}

}  // namespace

Result<Watched> watch_to_end(const Session& session, const std::string& arn,
                             const WatchOptions& options) {
  const Interrupt interrupt;
  Client client = session.client;
  client.limit = call_limit;
  View view(session, options.is_silent);
  Absence absence(client, options.reconnect_limit,
                  [&view](std::string_view text) { view.say(text); });
  Follower follower(client, arn);
  const auto start = std::chrono::steady_clock::now();
  while (true) {
    const auto looked = follower.look(now());
    if (looked) {
      absence.end();
      view.show(follower.picture());
      if (follower.picture().has_ended()) return Watched{WatchEnd::ended, follower.picture()};
    } else {
      TRY(absence.note(looked.error()));
    }
    if (options.timeout && std::chrono::steady_clock::now() - start >= *options.timeout) {
      return Watched{WatchEnd::timed_out, follower.picture()};
    }
    if (interrupt.wait_for(options.interval)) {
      return Watched{WatchEnd::interrupted, follower.picture()};
    }
  }
}

int conclude_watch(const Session& session, const Watched& watched) {
  const Picture& picture = watched.picture;
  if (watched.end == WatchEnd::ended) {
    if (picture.status == "SUCCEEDED") return exit_done;
    explain_failure(session, picture);
    return exit_failed;
  }
  const bool is_timeout = watched.end == WatchEnd::timed_out;
  session.terminal.say(concat(
      is_timeout ? "pawl: the time has passed" : "\npawl: interrupted",
      "; the execution goes on. To watch it again:\n  pawl execution watch ", picture.arn, "\n"));
  return is_timeout ? exit_timed_out : exit_interrupted;
}

}  // namespace pawl::cli
