#include "functions/processes/admission.h"

#include "base/check.h"

namespace pawl::functions::processes {

std::string_view reason(Throttle throttle) {
  return throttle == Throttle::account ? "ConcurrentInvocationLimitExceeded"
                                       : "ReservedFunctionConcurrentInvocationLimitExceeded";
}

std::optional<Throttle> Admission::enter(const std::string& function) {
  int& running = running_[function];
  if (const auto reserved = reserved_.find(function); reserved != reserved_.end()) {
    if (running >= reserved->second) return Throttle::reserved;
  } else {
    if (unreserved_running_ >= unreserved()) return Throttle::account;
    ++unreserved_running_;
  }
  ++running;
  return std::nullopt;
}

void Admission::leave(const std::string& function) {
  const auto running = running_.find(function);
  CHECK(running != running_.end() && running->second > 0);
  if (!reserved_.contains(function)) --unreserved_running_;
  if (--running->second == 0) running_.erase(running);
}

void Admission::reserve(const std::string& function, std::optional<int> concurrency) {
  const int calls = running(function);
  if (const auto before = reserved_.find(function); before != reserved_.end()) {
    reserved_sum_ -= before->second;
    reserved_.erase(before);
  } else {
    unreserved_running_ -= calls;
  }
  if (concurrency) {
    reserved_sum_ += *concurrency;
    reserved_.emplace(function, *concurrency);
  } else {
    unreserved_running_ += calls;
  }
}

int Admission::running(std::string_view function) const {
  const auto running = running_.find(function);
  return running == running_.end() ? 0 : running->second;
}

}  // namespace pawl::functions::processes
