#include "trials/mocks.h"

#include <algorithm>
#include <set>

#include "asl/outline.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::trials {
namespace {

using json::Value;

// More than any execution can wait.
constexpr double delay_seconds_max = 99'999'999;

class Reader {
 public:
  MockReading read(const Value& file) && {
    if (!file.is_object()) {
      add("/", "a mock configuration is a JSON object");
      return std::move(reading_);
    }
    only(file, "", {"StateMachines", "MockedResponses"});
    // The responses come first: a case may only name what is there.
    for (const auto& [name, value] : members(file, "", "MockedResponses"))
      read_response(name, value, concat("/MockedResponses/", name));
    for (const auto& [name, value] : members(file, "", "StateMachines"))
      read_machine(name, value, concat("/StateMachines/", name));
    return std::move(reading_);
  }

 private:
  void add(std::string location, std::string message) {
    reading_.findings.push_back({std::move(location), std::move(message)});
  }

  void only(const Value& object, const std::string& at, const std::set<std::string_view>& known) {
    for (const auto& [name, value] : object.members())
      if (!known.contains(name)) add(concat(at, "/", name), concat("unknown field \"", name, "\""));
  }

  // The members of a field that must be an object.
  std::span<const Value::Member> members(const Value& object, const std::string& at,
                                         std::string_view name) {
    const Value* value = object.find(name);
    if (value != nullptr && value->is_object()) return value->members();
    if (value == nullptr) {
      add(at.empty() ? "/" : at, concat("\"", name, "\" is missing"));
    } else {
      add(concat(at, "/", name), concat("\"", name, "\" must be an object"));
    }
    return {};
  }

  void read_response(const std::string& name, const Value& value, const std::string& at) {
    Response response{.answers = {}, .location = at};
    if (!value.is_object() || value.size() == 0)
      return add(at, "a mocked response is an object of answers by invocation: \"0\", \"1-2\"");
    for (const auto& [numbers, answer] : value.members())
      read_answer(numbers, answer, concat(at, "/", numbers), response);
    reading_.mocks.responses.emplace(name, std::move(response));
  }

  void read_answer(std::string_view numbers, const Value& value, const std::string& at,
                   Response& response) {
    Answer answer;
    answer.location = at;
    if (!read_range(numbers, answer))
      return add(at, concat("\"", numbers,
                            "\" is neither the number of an invocation, counted from 0, nor a "
                            "range such as \"1-2\""));
    for (const auto& other : response.answers) {
      if (answer.first <= other.last && other.first <= answer.last)
        return add(
            at, concat("invocation ", std::max(answer.first, other.first), " is answered twice"));
    }
    if (!value.is_object()) return add(at, "an answer is an object with Return or Throw");
    only(value, at, {"Return", "Throw", "AfterSeconds"});
    const Value* returned = value.find("Return");
    const Value* thrown = value.find("Throw");
    if ((returned == nullptr) == (thrown == nullptr))
      return add(at, "an answer has either Return or Throw");
    if (returned != nullptr) answer.outcome = *returned;
    if (thrown != nullptr) read_failure(*thrown, at + "/Throw", answer);
    read_delay(value, at, answer);
    response.answers.push_back(std::move(answer));
  }

  static bool read_range(std::string_view numbers, Answer& answer) {
    const size_t dash = numbers.find('-');
    const auto number = [](std::string_view digits) -> std::optional<int64_t> {
      if (digits.find_first_not_of("0123456789") != digits.npos) return std::nullopt;
      return parse_integer(digits);
    };
    const auto first = number(numbers.substr(0, dash));
    const auto last = dash == numbers.npos ? first : number(numbers.substr(dash + 1));
    if (!first || !last || *last < *first) return false;
    answer.first = *first;
    answer.last = *last;
    return true;
  }

  void read_failure(const Value& thrown, const std::string& at, Answer& answer) {
    if (!thrown.is_object() || !thrown.string_at("Error"))
      return add(at, "\"Throw\" is an object with the texts Error and Cause");
    only(thrown, at, {"Error", "Cause"});
    const Value* cause = thrown.find("Cause");
    if (cause != nullptr && !cause->is_string()) add(at + "/Cause", "\"Cause\" must be a text");
    answer.outcome =
        asl::Failure{*thrown.string_at("Error"), thrown.string_at("Cause").value_or("")};
  }

  void read_delay(const Value& value, const std::string& at, Answer& answer) {
    const Value* after = value.find("AfterSeconds");
    if (after == nullptr) return;
    if (!after->is_number() || after->real() < 0 || after->real() > delay_seconds_max)
      return add(at + "/AfterSeconds", concat("\"AfterSeconds\" must be a number from 0 to ",
                                              static_cast<int64_t>(delay_seconds_max)));
    answer.delay = Duration(static_cast<int64_t>(after->real() * 1e6));
  }

  void read_machine(const std::string& name, const Value& value, const std::string& at) {
    if (!value.is_object()) return add(at, "a state machine is an object with TestCases");
    only(value, at, {"TestCases"});
    MockedMachine machine{.name = name, .cases = {}};
    for (const auto& [case_name, members] : this->members(value, at, "TestCases"))
      read_case(case_name, members, concat(at, "/TestCases/", case_name), machine);
    reading_.mocks.machines.push_back(std::move(machine));
  }

  void read_case(const std::string& name, const Value& value, const std::string& at,
                 MockedMachine& machine) {
    if (!value.is_object()) return add(at, "a test case is an object of mocked responses by state");
    Case read{.name = name, .responses = {}, .input = {}, .expectation = {}, .location = at};
    for (const auto& [state, response] : value.members()) {
      const std::string here = concat(at, "/", state);
      const bool is_known =
          response.is_string() && reading_.mocks.responses.contains(response.string());
      if (is_known) {
        read.responses.emplace(state, response.string());
      } else if (state == "Input") {
        read.input = response;
      } else if (state == "Expect" && response.is_object()) {
        read_expectation(response, here, read.expectation);
      } else if (response.is_string()) {
        add(here, concat("there is no mocked response \"", response.string(), "\""));
      } else {
        add(here, "the name of a mocked response is expected");
      }
    }
    machine.cases.push_back(std::move(read));
  }

  void read_expectation(const Value& value, const std::string& at, Expectation& expectation) {
    only(value, at, {"status", "output", "error", "cause"});
    expectation = {.status = text(value, at, "status"),
                   .error = text(value, at, "error"),
                   .cause = text(value, at, "cause"),
                   .output = {}};
    if (const Value* output = value.find("output")) expectation.output = *output;
    static const std::set<std::string_view> statuses{"SUCCEEDED", "FAILED", "TIMED_OUT"};
    if (expectation.status && !statuses.contains(*expectation.status))
      add(at + "/status", "\"status\" is SUCCEEDED, FAILED or TIMED_OUT");
  }

  std::optional<std::string> text(const Value& object, const std::string& at,
                                  std::string_view name) {
    const Value* value = object.find(name);
    if (value != nullptr && !value->is_string())
      add(concat(at, "/", name), concat("\"", name, "\" must be a text"));
    return object.string_at(name);
  }

  MockReading reading_;
};

// Where the location is, or what is around it.
std::optional<size_t> offset_of(const asl::parse::Outline& outline, std::string location) {
  while (!location.empty()) {
    const auto place = outline.places.find(location);
    if (place != outline.places.end()) return place->second;
    const size_t end = location.rfind('/');
    if (end == location.npos) break;
    location.resize(end);
  }
  return std::nullopt;
}

// Of names that are written twice the last counts, which would lose a case or an answer. Within
// what a task returns, as in any JSON text, they may be.
bool is_of_the_format(std::string_view location) {
  const bool is_response = location.starts_with("/MockedResponses/");
  return std::count(location.begin(), location.end(), '/') <= (is_response ? 4 : 5);
}

}  // namespace

const Answer* Response::to(int64_t invocation) const {
  for (const auto& answer : answers)
    if (invocation >= answer.first && invocation <= answer.last) return &answer;
  return nullptr;
}

MockReading read_mocks(std::string_view text) {
  const auto outline = asl::parse::outline_of(text, {});
  MockReading reading;
  if (outline.fault) {
    const auto place = asl::parse::Lines(text).place(outline.fault->begin);
    reading.findings.push_back({"/", outline.fault->message, place.line, place.column});
    return reading;
  }
  const auto file = json::parse(text);
  if (!file) {
    reading.findings.push_back({"/", file.error().message()});
    return reading;
  }
  reading = Reader().read(*file);
  for (const auto& duplicate : outline.duplicates) {
    if (!is_of_the_format(duplicate.location)) continue;
    const auto place = asl::parse::Lines(text).place(duplicate.offset);
    reading.findings.push_back({duplicate.location,
                                concat("\"", duplicate.name, "\" is written twice"), place.line,
                                place.column});
  }
  reading.findings = located(std::move(reading.findings), text);
  return reading;
}

namespace {

void index_states(const asl::States& states,
                  std::map<std::string_view, const asl::State*>& by_name) {
  for (const auto& [name, state] : states.by_name) {
    by_name.emplace(name, state.get());
    if (const auto* map = std::get_if<asl::Map>(&state->kind))
      index_states(map->processor, by_name);
    if (const auto* parallel = std::get_if<asl::Parallel>(&state->kind))
      for (const auto& branch : parallel->branches) index_states(branch, by_name);
  }
}

// A distributed Map asks for its items, and for its results to be written, as a Task asks.
bool can_be_mocked(const asl::State& state) {
  const auto* map = std::get_if<asl::Map>(&state.kind);
  if (map == nullptr) return std::holds_alternative<asl::Task>(state.kind);
  return map->reader || (map->writer && !map->writer->resource.empty());
}

}  // namespace

std::vector<Finding> check_cases(const MockedMachine& mocked, const asl::Machine& machine) {
  std::map<std::string_view, const asl::State*> states;
  index_states(machine.states, states);
  std::vector<Finding> findings;
  for (const auto& test : mocked.cases) {
    for (const auto& [name, response] : test.responses) {
      const auto found = states.find(name);
      const std::string location = concat(test.location, "/", name);
      if (found == states.end()) {
        findings.push_back(
            {location, concat("machine \"", mocked.name, "\" has no state \"", name, "\"")});
      } else if (!can_be_mocked(*found->second)) {
        findings.push_back({location, concat("state \"", name, "\" is no Task but a ",
                                             found->second->type(), "; only tasks are mocked")});
      }
    }
  }
  return findings;
}

std::vector<Finding> located(std::vector<Finding> findings, std::string_view text) {
  asl::parse::Wanted wanted;
  for (const auto& finding : findings) {
    for (size_t end = finding.location.size(); end != 0 && end != std::string::npos;
         end = finding.location.rfind('/', end - 1))
      wanted.insert(finding.location.substr(0, end));
  }
  const auto outline = asl::parse::outline_of(text, wanted);
  const asl::parse::Lines lines(text);
  for (auto& finding : findings) {
    if (finding.line > 0) continue;
    const auto place = lines.place(offset_of(outline, finding.location).value_or(0));
    finding.line = place.line;
    finding.column = place.column;
  }
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& one, const Finding& two) {
    return std::pair(one.line, one.column) < std::pair(two.line, two.column);
  });
  return findings;
}

}  // namespace pawl::trials
