#pragma once

#include <optional>

#include "store/passing_store.h"

namespace pawl::engine {

// The store as the loop uses it: what is decided after a read that failed rests on nothing ("there
// is no such execution" may be wrong), so the loop asks before it commits. What is corrupt is the
// matter of whoever asked for it; the rest of the store may be sound.
class WatchedStore : public store::PassingStore {
 public:
  using PassingStore::PassingStore;

  const std::optional<Error>& failed_read() const { return failed_read_; }

  // For who decides nothing where its read fails.
  template <typename Work>
  Result<void> without_relying(const Work& work) {
    const std::optional<Error> before = failed_read_;
    Result<void> done = work();
    failed_read_ = before;
    return done;
  }

 private:
  void read_failed(const Error& error) override {
    if (error.code() != ErrorCode::corrupt) failed_read_ = error;
  }

  std::optional<Error> failed_read_;
};

}  // namespace pawl::engine
