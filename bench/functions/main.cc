// The figures of functions in processes for script/bench, one verb a run: prints one line of JSON.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "bench/engine/http_load.h"
#include "functions/processes/host.h"
#include "json/write.h"

namespace pawl::bench {
namespace {

using functions::processes::Answer;
using functions::processes::Code;
using functions::processes::Host;
using Steady = std::chrono::steady_clock;

constexpr const char* usage =
    "usage: pawl_bench_functions http PORT FUNCTION CONNECTIONS SECONDS\n"
    "       pawl_bench_functions readiness PORT CONNECTIONS SECONDS\n"
    "       pawl_bench_functions runtime DIRECTORY COMMAND CALLERS SECONDS\n";

json::Value load(int64_t port, Question question, int64_t connections, int64_t seconds,
                 const std::string& function) {
  return http_load({.host = "127.0.0.1",
                    .port = static_cast<int>(port),
                    .connections = {{question, connections}},
                    .seconds = static_cast<double>(seconds),
                    .function = function});
}

// Callers on threads of their own, each calling again when it has its answer.
class Callers {
 public:
  Callers(Host& host, int64_t count, int64_t seconds)
      : host_(host), until_(Steady::now() + std::chrono::seconds(seconds)), latencies_(count) {}

  std::vector<double> run() {
    std::vector<std::thread> threads;
    for (auto& latencies : latencies_)
      threads.emplace_back([this, &latencies] { call_on(latencies); });
    for (std::thread& thread : threads) thread.join();
    std::vector<double> all;
    for (const auto& latencies : latencies_)
      all.insert(all.end(), latencies.begin(), latencies.end());
    std::sort(all.begin(), all.end());
    return all;
  }

 private:
  void call_on(std::vector<double>& latencies) {
    const std::string prefix = concat(reinterpret_cast<uintptr_t>(&latencies), "-");
    while (Steady::now() < until_) {
      const auto asked = Steady::now();
      std::promise<Answer> answer;
      host_.invoke("echo", {.id = concat(prefix, latencies.size()), .payload = "{\"n\":1}"},
                   [&](Answer got) { answer.set_value(std::move(got)); });
      CHECK(answer.get_future().get().payload == "{\"n\":1}");
      latencies.push_back(std::chrono::duration<double>(Steady::now() - asked).count());
    }
  }

  Host& host_;
  const Steady::time_point until_;
  std::vector<std::vector<double>> latencies_;
};

// Without the Lambda API: what the runtime itself adds to a call.
json::Value runtime(const std::string& directory, const std::string& command, int64_t callers,
                    int64_t seconds) {
  const auto host = Host::open(directory, {}).value();
  functions::processes::Definition echo;
  echo.name = "echo";
  auto code = host->make_ready({Code::Kind::command, {}, command}).value();
  CHECK(host->create(echo, std::move(code)).has_value());
  Callers(*host, callers, 1).run();  // warms up
  const auto all = Callers(*host, callers, seconds).run();
  return json::Value::object({{"per_second", static_cast<double>(all.size()) / seconds},
                              {"p50_ms", all[all.size() / 2] * 1e3},
                              {"p99_ms", all[all.size() * 99 / 100] * 1e3}});
}

int run(const std::vector<std::string>& words) {
  const auto number = [&](size_t at) { return parse_integer(words.at(at)).value_or(0); };
  const std::string verb = concat(words.empty() ? "" : words[0], " ", words.size());
  json::Value figures;
  if (verb == "http 5")
    figures = load(number(1), Question::invoke, number(3), number(4), words[2])["invoke"];
  else if (verb == "readiness 4")
    figures = load(number(1), Question::readiness, number(2), number(3), "")["readiness"];
  else if (verb == "runtime 5")
    figures = runtime(words[1], words[2], number(3), number(4));
  else
    return std::fputs(usage, stderr), 2;
  std::puts(json::write(figures).c_str());
  return 0;
}

}  // namespace
}  // namespace pawl::bench

int main(int count, char** words) {
  return pawl::bench::run(std::vector<std::string>(words + 1, words + count));
}
