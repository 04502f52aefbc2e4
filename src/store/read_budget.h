#pragma once

#include <cstddef>

#include "base/result.h"

namespace pawl::store {

// How much its thread may read of histories and large texts while it lives, for those who must not
// keep others waiting: what goes beyond fails with limit_exceeded. A thread without one reads all.
class ReadBudget {
 public:
  explicit ReadBudget(size_t bytes);
  ReadBudget(const ReadBudget&) = delete;
  ~ReadBudget();

  // Whether something was not read on this thread for want of it. An answer that was made of what
  // could be read is then no answer.
  static bool is_spent();
  // For readers: so many bytes more.
  static Result<void> take(size_t bytes);

 private:
  static thread_local ReadBudget* of_thread_;

  size_t left_;
  bool is_spent_ = false;
  ReadBudget* const around_;
};

}  // namespace pawl::store
