#include <chrono>
#include <cstdio>
#include <string>

#include "asl/jsonata/jsonata.h"
#include "base/text.h"
#include "cli/verbs.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

using json::Value;
using Clock = std::chrono::steady_clock;

Value refusal(std::string_view message) {
  return Value::object({{"error", "request"}, {"message", message}});
}

Value problem_to_json(const asl::jsonata::Problem& problem) {
  Value::Object members{
      {"error", problem.code}, {"message", problem.message}, {"position", problem.position}};
  if (!problem.token.empty()) members.push_back({"token", problem.token});
  return members;
}

asl::jsonata::Bindings bindings_of(const Value& request) {
  asl::jsonata::Bindings bindings;
  const Value* given = request.find("bindings");
  if (given == nullptr || !given->is_object()) return bindings;
  for (const auto& [name, value] : given->members()) bindings.emplace(name, value);
  return bindings;
}

asl::jsonata::Limits limits_of(const Value& request) {
  asl::jsonata::Limits limits;
  if (const auto depth = request.integer_at("depth")) limits.nesting_max = *depth;
  if (const auto milliseconds = request.integer_at("timelimit")) {
    const auto end = Clock::now() + std::chrono::milliseconds(*milliseconds);
    limits.is_expired = [end] { return Clock::now() >= end; };
  }
  return limits;
}

asl::jsonata::Facts facts_of_now() {
  const auto now = std::chrono::system_clock::now();
  const auto ticks = Clock::now().time_since_epoch().count();
  return {std::chrono::time_point_cast<Duration>(now), static_cast<uint64_t>(ticks)};
}

// The answer to one line; a bad one is answered, too.
Value answer(std::string_view line) {
  const auto request = json::parse(line);
  if (!request) return refusal(request.error().text());
  if (!request->is_object()) return refusal("the line is no JSON object");
  const std::string language = request->string_at("language").value_or("jsonata");
  if (language != "jsonata") return refusal(concat("the language '", language, "' is not known"));
  const Value* text = request->find("expression");
  if (text == nullptr || !text->is_string()) return refusal("there is no 'expression'");
  const auto expression = asl::jsonata::Expression::compile(text->string());
  if (!expression) return problem_to_json(expression.error());
  const auto bindings = bindings_of(*request);
  const auto facts = facts_of_now();
  const auto limits = limits_of(*request);
  const Value* input = request->find("input");
  const auto result = input == nullptr ? expression->evaluate(std::nullopt, bindings, facts, limits)
                                       : expression->evaluate(*input, bindings, facts, limits);
  if (!result) return problem_to_json(result.error());
  if (!*result) return Value::object({{"undefined", true}});
  return Value::object({{"result", **result}});
}

// Evaluates one expression for each line of standard input.
class Eval : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.remark(
        "A request is a JSON object on one line:\n"
        "  expression  the text to evaluate\n"
        "  input       the value that it is evaluated on; may be absent\n"
        "  bindings    an object: its members are variables, \"n\" is $n; may be absent\n"
        "  depth, timelimit  limits: calls within each other, milliseconds; may be absent\n"
        "The answer is a line too: {\"result\": …}, {\"undefined\": true}, or\n"
        "{\"error\": CODE, \"message\": …, \"position\": …}.\n\n"
        "  echo '{\"expression\": \"a + $n\", \"input\": {\"a\": 1}, \"bindings\": {\"n\": 2}}' "
        "| pawl eval");
  }

  Result<int> run(const Session& session) override {
    char* line = nullptr;
    size_t capacity = 0;
    for (ssize_t size; (size = getline(&line, &capacity, stdin)) >= 0;) {
      std::string_view text(line, static_cast<size_t>(size));
      if (trim(text).empty()) continue;
      session.terminal.print(json::write(answer(text)) + "\n");
      std::fflush(session.terminal.out());
    }
    std::free(line);
    return exit_done;
  }
};

}  // namespace

std::unique_ptr<Verb> eval() { return std::make_unique<Eval>(); }

}  // namespace pawl::cli
