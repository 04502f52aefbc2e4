#include "world/moment.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

#include "base/text.h"

namespace pawl::world {
namespace {

struct Plan {
  std::string crash_at, pause_at;
  int64_t crash_visit = 1;
  std::chrono::milliseconds pause{0};
  std::atomic<int64_t> visits{0};
};

// "name:number" as both; the number is `otherwise` where there is none.
int64_t read(const char* variable, std::string& name, int64_t otherwise) {
  const char* text = std::getenv(variable);
  if (!text) return otherwise;
  name = text;
  const size_t colon = name.rfind(':');
  if (colon == std::string::npos) return otherwise;
  const auto number = parse_integer(std::string_view(name).substr(colon + 1));
  if (!number) return otherwise;
  name.resize(colon);
  return *number;
}

std::unique_ptr<Plan> plan_of_environment() {
  auto plan = std::make_unique<Plan>();
  plan->crash_visit = read("PAWL_CRASH_AT", plan->crash_at, 1);
  plan->pause = std::chrono::milliseconds(read("PAWL_PAUSE_AT", plan->pause_at, 0));
  if (plan->crash_at.empty() && plan->pause_at.empty()) return nullptr;
  return plan;
}

void follow(Plan& plan, std::string_view name) {
  if (name == plan.pause_at) std::this_thread::sleep_for(plan.pause);
  if (name == plan.crash_at && ++plan.visits == plan.crash_visit) std::raise(SIGKILL);
}

}  // namespace

void moment(std::string_view name) {
  static const std::unique_ptr<Plan> plan = plan_of_environment();
  if (plan) follow(*plan, name);
}

}  // namespace pawl::world
