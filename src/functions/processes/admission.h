#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace pawl::functions::processes {

// Why a call may not be made now, in the service's words.
enum class Throttle { account, reserved };
std::string_view reason(Throttle throttle);

// How many calls run at once, and may: a function with reserved concurrency has that much for
// itself and never more, and all others share what the account has left.
class Admission {
 public:
  explicit Admission(int account_limit) : account_limit_(account_limit) {}

  // Nothing where the call may be made; it is counted until it leaves.
  std::optional<Throttle> enter(const std::string& function);
  void leave(const std::string& function);

  void reserve(const std::string& function, std::optional<int> concurrency);
  void set_account_limit(int limit) { account_limit_ = limit; }
  int account_limit() const { return account_limit_; }
  // What is left for functions without a reservation.
  int unreserved() const { return account_limit_ - reserved_sum_; }
  // The least that must be left for them.
  int unreserved_min() const { return account_limit_ / 10; }
  int running(std::string_view function) const;

 private:
  std::map<std::string, int, std::less<>> running_, reserved_;
  int account_limit_;
  int reserved_sum_ = 0, unreserved_running_ = 0;
};

}  // namespace pawl::functions::processes
