#include <filesystem>
#include <fstream>
#include <sstream>

#include "execution/rehearsal.h"

namespace pawl::execution {
namespace {

// The cases in tests/golden/*.case, one execution each:
//
//   --- machine      the definition
//   --- input        its input
//   --- script       one command per line:
//     succeed STATE JSON        the first task waiting in that state answers
//     fail STATE ERROR CAUSE…
//     submit STATE JSON
//     take STATE WORKER…
//     beat STATE
//     pass SECONDS              time passes, nothing else
//     timer                     the next timer comes due
//     stop [ERROR CAUSE…]
//     redrive [COUNT]           the closed execution begins again where it ended
//   --- expected     for each command what must be done and what the history shows
//
// PAWL_UPDATE_GOLDEN=1 writes the last part anew; the diff is for the reviewer.

struct Case {
  std::string machine, input, script, expected;
};

std::filesystem::path folder() {
  return std::filesystem::path(PAWL_SOURCE_DIRECTORY) / "tests" / "golden";
}

Case read_case(const std::filesystem::path& path) {
  Case read;
  std::string* part = nullptr;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (line == "--- machine") {
      part = &read.machine;
    } else if (line == "--- input") {
      part = &read.input;
    } else if (line == "--- script") {
      part = &read.script;
    } else if (line == "--- expected") {
      part = &read.expected;
    } else if (part != nullptr) {
      *part += line + "\n";
    }
  }
  return read;
}

std::optional<EffectId> task_in(Execution& execution, const std::string& state) {
  for (const auto& effect : execution.pending())
    if (const auto* task = std::get_if<StartTask>(&effect); task && task->state == state)
      return task->id;
  return std::nullopt;
}

std::optional<SetTimer> next_timer(Execution& execution) {
  std::optional<SetTimer> next;
  for (const auto& effect : execution.pending())
    if (const auto* timer = std::get_if<SetTimer>(&effect))
      if (!next || timer->due < next->due) next = *timer;
  return next;
}

std::string rest_of(std::istringstream& words) {
  std::string rest;
  std::getline(words >> std::ws, rest);
  return rest;
}

json::Value value_of(const std::string& text) {
  auto value = json::parse(text);
  EXPECT_TRUE(value.has_value()) << text;
  return value ? *value : json::Value();
}

// The command of a line; nothing where only time passes.
std::optional<Command> command_of(const std::string& line, Rehearsal& rehearsal) {
  std::istringstream words(line);
  std::string verb, state, error;
  words >> verb;
  if (verb == "pass") {
    rehearsal.advance_to(rehearsal.now() + seconds(parse_integer(rest_of(words)).value_or(0)));
    return std::nullopt;
  }
  if (verb == "timer") {
    const auto timer = next_timer(rehearsal.execution());
    EXPECT_TRUE(timer.has_value()) << "no timer is set";
    if (!timer) return std::nullopt;
    rehearsal.advance_to(timer->due);
    return TimerDue{timer->id};
  }
  if (verb == "redrive") return Redrive{parse_integer(rest_of(words)).value_or(1)};
  if (verb == "stop") {
    words >> error;
    return Stop{error, rest_of(words)};
  }
  words >> state;
  const auto task = task_in(rehearsal.execution(), state);
  EXPECT_TRUE(task.has_value()) << "no task waits in " << state;
  if (!task) return std::nullopt;
  if (verb == "succeed") return TaskSucceeded{*task, value_of(rest_of(words))};
  if (verb == "submit") return TaskSubmitted{*task, value_of(rest_of(words))};
  if (verb == "take") return TaskTaken{*task, rest_of(words)};
  if (verb == "beat") return TaskHeartbeat{*task};
  EXPECT_EQ(verb, "fail");
  words >> error;
  return TaskFailed{*task, error, rest_of(words)};
}

class Transcript {
 public:
  explicit Transcript(Rehearsal& rehearsal) : rehearsal_(rehearsal) {}

  void run(const std::string& line, const Command& command) {
    const auto effects = rehearsal_.decide(command);
    text_ += concat("> ", line, " ", after(rehearsal_.identity(), rehearsal_.now()), "\n");
    const auto events = rehearsal_.history();
    for (; shown_ < events.size(); ++shown_) text_ += concat("  ", text(events[shown_]), "\n");
    for (const auto& effect : effects)
      text_ += concat("! ", text(rehearsal_.identity(), effect), "\n");
  }
  const std::string& text_so_far() const { return text_; }

 private:
  static std::string text(const HistoryEvent& event) { return execution::text(event); }
  static std::string text(const Identity& identity, const Effect& effect) {
    return execution::text(identity, effect);
  }

  Rehearsal& rehearsal_;
  std::string text_;
  size_t shown_ = 0;
};

std::string play(const Case& golden) {
  const auto machine = machine_of(golden.machine);
  if (machine == nullptr) return {};
  Rehearsal rehearsal(*machine, value_of(golden.input));
  Transcript transcript(rehearsal);
  transcript.run("begin", Begin{});
  std::istringstream script(golden.script);
  for (std::string line; std::getline(script, line);) {
    if (line.empty()) continue;
    if (const auto command = command_of(line, rehearsal)) transcript.run(line, *command);
  }
  return transcript.text_so_far();
}

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder()))
    if (entry.path().extension() == ".case") names.push_back(entry.path().stem());
  std::sort(names.begin(), names.end());
  return names;
}

class golden : public testing::TestWithParam<std::string> {};

TEST_P(golden, does_what_the_case_says) {
  const auto path = folder() / (GetParam() + ".case");
  const Case golden = read_case(path);
  const std::string transcript = play(golden);
  if (std::getenv("PAWL_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path) << "--- machine\n"
                        << golden.machine << "--- input\n"
                        << golden.input << "--- script\n"
                        << golden.script << "--- expected\n"
                        << transcript;
    return;
  }
  EXPECT_EQ(transcript, golden.expected);
}

INSTANTIATE_TEST_SUITE_P(cases, golden, testing::ValuesIn(case_names()),
                         [](const auto& info) { return info.param; });

TEST(golden_cases, are_many) { EXPECT_GE(case_names().size(), 40u); }

}  // namespace
}  // namespace pawl::execution
