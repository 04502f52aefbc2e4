// The engine's figures for script/bench, one verb a run: prints one line of JSON.

#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "bench/engine/http_load.h"
#include "bench/engine/measurements.h"
#include "json/write.h"

namespace pawl::bench {
namespace {

constexpr const char* usage =
    "usage: pawl_bench_engine transition\n"
    "       pawl_bench_engine steps DIRECTORY CONCURRENCY SECONDS\n"
    "       pawl_bench_engine map DIRECTORY ITEMS\n"
    "       pawl_bench_engine sheet DIRECTORY ROWS\n"
    "       pawl_bench_engine callbacks DIRECTORY WORKERS SECONDS\n"
    "       pawl_bench_engine sleepers DIRECTORY COUNT\n"
    "       pawl_bench_engine leave-open DIRECTORY COUNT\n"
    "       pawl_bench_engine take-up DIRECTORY\n"
    "       pawl_bench_engine http PORT SECONDS MACHINE_ARN EXECUTION_ARN READINESS START DESCRIBE"
    " HISTORY\n";

// The last four words are how many connections ask for each.
Load load_of(const std::vector<std::string>& words) {
  Load load{"127.0.0.1", static_cast<int>(parse_integer(words[1]).value_or(0)),
            {},          static_cast<double>(parse_integer(words[2]).value_or(0)),
            words[3],    words[4]};
  for (int kind = 0; kind < 4; ++kind)
    if (const auto count = parse_integer(words[5 + static_cast<size_t>(kind)]); count && *count > 0)
      load.connections[static_cast<Question>(kind)] = *count;
  return load;
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](size_t at) { return parse_integer(words.at(at)).value_or(0); };
  const std::string verb = concat(words.empty() ? "" : words[0], " ", words.size());
  json::Value figures;
  if (verb == "transition 1")
    figures = transition_cpu();
  else if (verb == "steps 4")
    figures = steps(words[1], number(2), static_cast<double>(number(3)));
  else if (verb == "map 3")
    figures = inline_map(words[1], number(2));
  else if (verb == "sheet 3")
    figures = distributed_map(words[1], number(2));
  else if (verb == "callbacks 4")
    figures = callbacks(words[1], number(2), static_cast<double>(number(3)));
  else if (verb == "sleepers 3")
    figures = sleepers(words[1], number(2));
  else if (verb == "leave-open 3")
    leave_open(words[1], number(2));
  else if (verb == "take-up 2")
    figures = take_up(words[1]);
  else if (verb == "http 9")
    figures = http_load(load_of(words));
  else
    return std::fputs(usage, stderr), 2;
  std::puts(json::write(figures).c_str());
  return 0;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) { return pawl::bench::run({words + 1, words + count}); }
