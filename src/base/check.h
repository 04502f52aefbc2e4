#pragma once

namespace pawl {

[[noreturn]] void check_failed(const char* condition, const char* file, int line);

}  // namespace pawl

// What must not happen. On in production: prints the place and aborts, and the journal makes that
// safe. Never on input.
#define CHECK(condition) \
  ((condition) ? static_cast<void>(0) : ::pawl::check_failed(#condition, __FILE__, __LINE__))
