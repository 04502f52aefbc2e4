#include "cli/watch/watch.h"

#include <map>

#include "base/text.h"
#include "cli/interrupt.h"
#include "cli/names.h"
#include "cli/units.h"
#include "cli/watch/absence.h"
#include "cli/watch/follower.h"
#include "cli/watch/leave.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

constexpr Duration call_limit = seconds(10);

Instant now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }

// Shows pictures: a block that is redrawn, or a line per change. Where standard output carries
// JSON, the lines go to standard error.
class View {
 public:
  View(const Session& session, bool is_silent)
      : session_(session),
        block_(session.terminal),
        is_silent_(is_silent || session.style.is_quiet) {}

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
    session_.remark(concat("pawl: ", text));
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

// The error that an event tells of, whichever kind it is.
std::string error_of(const json::Value& event) {
  for (const json::Value::Member& member : event.members()) {
    if (!member.name.ends_with("EventDetails")) continue;
    if (auto error = member.value.string_at("error")) return std::move(*error);
  }
  return {};
}

// Events by their ids.
using Events = std::map<int64_t, json::Value>;

// The entry into the state that an event belongs to: the one before it on its own path.
json::Value entry_of(const Events& events, int64_t id) {
  for (auto found = events.find(id); found != events.end(); found = events.find(id)) {
    const json::Value& event = found->second;
    if (event["stateEnteredEventDetails"].is_object()) return event;
    id = event.integer_at("previousEventId").value_or(0);
  }
  return {};
}

std::string state_in(const json::Value& entry) {
  return entry["stateEnteredEventDetails"].string_at("name").value_or("");
}

// Where the execution's error comes from: the state it ended in, unless that only passes on the
// error of one before. A Fail state does, and the last step of a pipeline of ours, which tells of
// what was caught once all is cleaned up.
std::string failed_state(const Client& client, const Picture& picture) {
  const auto answer =
      client.call("Pawl.GetExecutionHistory", json::Value::object({{"executionArn", picture.arn},
                                                                   {"reverseOrder", true},
                                                                   {"includeExecutionData", false},
                                                                   {"maxResults", 1000}}));
  if (!answer || !(*answer)["events"].is_array()) return {};
  const json::Value list = (*answer)["events"];
  Events events;
  int64_t last = 0;
  std::vector<int64_t> with_error;  // the latest first
  for (const json::Value& event : list.elements()) {
    const int64_t id = event.integer_at("id").value_or(0);
    events[id] = event;
    if (event.string_at("type").value_or("").starts_with("Execution")) continue;
    if (last == 0) last = id;
    if (!picture.error.empty() && error_of(event) == picture.error) with_error.push_back(id);
  }
  const json::Value end = entry_of(events, last);
  if (with_error.empty()) return state_in(end);
  if (is_shipped(picture.machine)) return state_in(entry_of(events, with_error.back()));
  const bool passes_on = end.string_at("type") == "FailStateEntered";
  return state_in(passes_on ? entry_of(events, with_error.front()) : end);
}

json::Value as_json(const Picture& picture, const std::string& state) {
  json::Value error = json::Value::object({{"code", name(ErrorCode::failed)},
                                           {"message", picture.cause},
                                           {"execution", picture.arn},
                                           {"status", picture.status}});
  if (!picture.error.empty()) error = error.with("error", picture.error);
  if (!state.empty()) error = error.with("state", state);
  return json::Value::object({{"error", error}});
}

void explain_failure(const Session& session, const Picture& picture) {
  const std::string state = failed_state(session.client, picture);
  if (session.wants_json()) {
    return session.terminal.say(json::write(as_json(picture, state)) + "\n");
  }
  std::string text =
      concat("pawl: ", picture.name, " ", lower(replace_all(picture.status, "_", " ")));
  if (!state.empty()) text += concat(" in state ", state);
  if (!picture.error.empty()) text += concat(": ", picture.error);
  text += "\n";
  if (!picture.cause.empty()) text += concat("  ", picture.cause, "\n");
  text += concat("next:\n  pawl execution history ", picture.arn, "\n  pawl execution show ",
                 picture.arn, "\n");
  if (is_shipped(picture.machine)) {
    text += concat("  pawl restore report ", picture.name, "\n");
  }
  if (picture.machine == "arrays") text += concat("  pawl arrays show ", picture.name, "\n");
  if (picture.machine == "restore") {
    text += concat("  pawl execution redrive ", picture.arn, "\n");
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
  return leave_running(session, {.is_timeout = watched.end == WatchEnd::timed_out,
                                 .what = "the execution goes on",
                                 .watch_again = concat("pawl execution watch ", picture.arn)});
}

}  // namespace pawl::cli
