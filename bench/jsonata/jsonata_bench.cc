// JSONata as Pawl evaluates it, for script/bench:
//
//   pawl_bench_jsonata CASES_FILE
//
// The file holds {"input", "expressions", "rounds", "seconds"}. Each expression is compiled once
// and evaluated as often as takes about so many seconds, in each of the rounds. Prints one line of
// JSON for each: runs (the seconds of one evaluation, by round) and result.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "asl/jsonata/jsonata.h"
#include "base/check.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

using SteadyClock = std::chrono::steady_clock;

const Bindings nothing;
const Facts facts{Instant(seconds(1'700'000'000)), 1};

double seconds_of(const Expression& expression, const json::Value& input, int64_t count) {
  const auto began = SteadyClock::now();
  for (int64_t at = 0; at < count; ++at) {
    const auto result = expression.evaluate(input, nothing, facts);
    CHECK(result.has_value());
  }
  return std::chrono::duration<double>(SteadyClock::now() - began).count();
}

int64_t count_for(const Expression& expression, const json::Value& input, double seconds) {
  for (int64_t count = 1;; count *= 2) {
    const double took = seconds_of(expression, input, count);
    if (took >= seconds)
      return std::max(int64_t{1},
                      static_cast<int64_t>(static_cast<double>(count) * seconds / took));
  }
}

json::Value measured(const Expression& expression, const json::Value& cases) {
  const json::Value& input = *cases.find("input");
  const double seconds = cases["seconds"].real();
  const auto result = expression.evaluate(input, nothing, facts);
  CHECK(result.has_value() && result->has_value());
  const int64_t count = count_for(expression, input, seconds);
  json::Value::Array runs;
  for (int64_t round = 0; round < cases["rounds"].integer(); ++round)
    runs.push_back(seconds_of(expression, input, count) / static_cast<double>(count));
  return json::Value::object({{"runs", std::move(runs)}, {"result", **result}});
}

int run(const char* path) {
  std::ifstream file(path);
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto cases = json::parse(text);
  if (!cases) return std::fprintf(stderr, "%s\n", cases.error().text().c_str()), 2;
  const json::Value expressions = (*cases)["expressions"];
  for (const json::Value& source : expressions.elements()) {
    const auto expression = Expression::compile(source.string());
    if (!expression) return std::fprintf(stderr, "%s\n", expression.error().message.c_str()), 2;
    std::puts(json::write(measured(*expression, *cases)).c_str());
  }
  return 0;
}

}  // namespace
}  // namespace pawl::asl::jsonata

int main(int count, char** words) {
  if (count == 2) return pawl::asl::jsonata::run(words[1]);
  std::fputs("usage: pawl_bench_jsonata CASES_FILE\n", stderr);
  return 2;
}
