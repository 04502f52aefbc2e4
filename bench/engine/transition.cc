#include <chrono>

#include "asl/parse.h"
#include "base/check.h"
#include "base/text.h"
#include "bench/engine/measurements.h"
#include "bench/engine/rig.h"
#include "execution/execution.h"

namespace pawl::bench {
namespace {

constexpr int states = 1000;

// Every other state is a Choice that looks at the input.
std::string chain() {
  std::string text = R"({"StartAt": "S0", "States": {)";
  for (int i = 0; i < states; i += 2)
    text += concat("\"S", i, R"(": {"Type": "Pass", "Next": "S)", i + 1, "\"}, \"S", i + 1,
                   R"(": {"Type": "Choice", "Default": "S0", "Choices": [{"Variable": "$.count",)",
                   R"( "NumericEquals": 7, "Next": "S)", i + 2, "\"}]}, ");
  return concat(text, "\"S", states, R"(": {"Type": "Succeed"}}})");
}

json::Value input_of(size_t bytes) {
  json::Value::Object members{{"count", 7}};
  for (size_t size = 0; size + 40 < bytes; size += 40)
    members.push_back({concat("member", size), "thirty characters, more or less"});
  return members;
}

double nanoseconds(const asl::Machine& machine, const json::Value& input) {
  double best = 0;
  size_t record_bytes = 0;
  // Half a second: within a shorter one, all of it may fall where the machine is at its slowest.
  for (int round = 0; round < 1000; ++round) {
    execution::Identity identity{};
    identity.input = input;
    execution::Execution execution(machine, std::move(identity));
    const auto began = std::chrono::steady_clock::now();
    const auto decision = execution.decide(execution::Begin{}, {});
    const double took = seconds_since(began) / states * 1e9;
    CHECK(execution.status() == execution::Status::succeeded);
    record_bytes += decision.record.size();
    if (round == 0 || took < best) best = took;
  }
  CHECK(record_bytes > 0);
  return best;
}

}  // namespace

json::Value transition_cpu() {
  const auto parsed = asl::parse_definition(chain());
  CHECK(parsed.machine != nullptr);
  return json::Value::object({{"ns_200_bytes", nanoseconds(*parsed.machine, input_of(200))},
                              {"ns_8_kilobytes", nanoseconds(*parsed.machine, input_of(8192))}});
}

}  // namespace pawl::bench
