#pragma once

#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "restore/provider.h"
#include "restore/snapshots/copy.h"

namespace pawl::restore {

// Work that goes on while functions only begin it and ask for it: one thread for each key. Nothing
// here survives a crash; the work itself keeps on the disk how far it has come, and is begun again
// under the same key.
class BackgroundWork {
 public:
  using Body = std::function<Result<void>(const CopyProgress&, const world::Cancellation&)>;

  ~BackgroundWork() { stop(); }

  // Nothing happens where work of that key runs, has succeeded, or has failed and nobody knows yet.
  void begin(const std::string& key, Body body);
  // Returns at the end of the work or after `limit`, whichever is first. "completed", "failed" with
  // its error, or "running". REQUIRES: begun.
  ProviderStatus wait(const std::string& key, Duration limit, const Report& report,
                      const world::Cancellation& cancellation);
  // Cancels the work and waits for its end; it is then as if it had never begun.
  void cancel(const std::string& key);
  // As if work of that key had never begun, where it has succeeded.
  void forget_completed(const std::string& key);
  // Cancels all and waits. Nothing can be begun afterwards.
  void stop();

 private:
  struct Work {
    world::Cancellation cancellation;
    std::thread thread;
    uint64_t bytes_done = 0, bytes_total = 0;
    bool has_ended = false, is_known = false;
    std::optional<Error> error;
    bool has_failed() const { return has_ended && error.has_value(); }
  };

  void run(Work& work, const Body& body);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::map<std::string, std::unique_ptr<Work>> works_;
  bool is_stopped_ = false;
};

}  // namespace pawl::restore
