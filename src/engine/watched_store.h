#pragma once

#include <optional>

#include "store/passing_store.h"

namespace pawl::engine {

// The store as the loop uses it: what is decided after a read that failed rests on nothing ("there
// is no such execution" may be wrong), so it is not committed. What is corrupt is the matter of
// whoever asked for it; the rest of the store may be sound.
class WatchedStore : public store::PassingStore {
 public:
  explicit WatchedStore(store::Store& inner) : PassingStore(inner), inner_(inner) {}

  // For those who only look; any thread.
  store::Store& unwatched() const { return inner_; }

  Result<void> commit(const std::vector<store::Write>& writes) override {
    if (failed_read_) return *failed_read_;
    return PassingStore::commit(writes);
  }
  const std::optional<Error>& failed_read() const { return failed_read_; }

 private:
  void read_failed(const Error& error) override {
    if (error.code() != ErrorCode::corrupt) failed_read_ = error;
  }

  store::Store& inner_;
  std::optional<Error> failed_read_;
};

}  // namespace pawl::engine
