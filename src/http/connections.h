#pragma once

#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/time.h"

namespace pawl::http {

// Who is connected, and how long each has kept us waiting for a request. Where there are more than
// there may be, whoever has been idle longest is hung up on, and where nobody is idle, whoever has
// been sending longest; those who wait for our answer never are. Who takes it too slowly is, too.
// Any thread.
class Connections {
 public:
  struct Limits {
    size_t connections_max;
    Duration idle_max;     // without a request
    Duration sending_max;  // from the first line of a request to its end, and likewise of an answer
  };
  explicit Connections(Limits limits);
  ~Connections();

  struct Entry;
  // The socket must stay open until `closed`.
  Entry* opened(int socket);
  void closed(Entry* entry);

  void sends(Entry* entry);
  void waits_for_answer(Entry* entry);
  void takes_answer(Entry* entry);
  void is_idle(Entry* entry);

 private:
  using Clock = std::chrono::steady_clock;
  using Row = std::list<Entry>;

  void move(Entry* entry, Row& to);
  void hang_up(Row& row);
  void make_room();
  bool has_limited() const;
  void watch();

  const Limits limits_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_ending_ = false;
  Row idle_, sending_, waiting_, taking_, leaving_;  // each in the order they came there
  std::thread watch_;
};

}  // namespace pawl::http
