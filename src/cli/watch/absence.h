#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>

#include "cli/client.h"

namespace pawl::cli {

// Since when the server has been away: says so once, and says when it is back.
class Absence {
 public:
  using Say = std::function<void(std::string_view)>;
  Absence(const Client& client, Duration limit, Say say)
      : client_(client), limit_(limit), say_(std::move(say)) {}

  // Error where this one is no absence, or has lasted too long.
  Result<void> note(const Error& error);
  void end();

 private:
  const Client& client_;
  Duration limit_;
  Say say_;
  bool is_away_ = false;
  std::chrono::steady_clock::time_point since_;
};

}  // namespace pawl::cli
