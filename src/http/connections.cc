#include "http/connections.h"

#include <sys/socket.h>

namespace pawl::http {

struct Connections::Entry {
  int socket;
  Clock::time_point since = Clock::now();
  Row* row;
  Row::iterator place = {};
};

Connections::Connections(Limits limits) : limits_(limits), watch_([this] { watch(); }) {}

Connections::~Connections() {
  {
    const std::lock_guard lock(mutex_);
    is_ending_ = true;
  }
  changed_.notify_all();
  watch_.join();
}

Connections::Entry* Connections::opened(int socket) {
  const std::lock_guard lock(mutex_);
  // Before it is counted: the newcomer is not the one who goes.
  make_room();
  const bool is_first = !has_limited();
  idle_.push_back(Entry{.socket = socket, .row = &idle_});
  idle_.back().place = std::prev(idle_.end());
  if (is_first) changed_.notify_all();
  return &idle_.back();
}

void Connections::closed(Entry* entry) {
  const std::lock_guard lock(mutex_);
  entry->row->erase(entry->place);
}

void Connections::sends(Entry* entry) { move(entry, sending_); }
void Connections::waits_for_answer(Entry* entry) { move(entry, waiting_); }
void Connections::takes_answer(Entry* entry) { move(entry, taking_); }
void Connections::is_idle(Entry* entry) { move(entry, idle_); }

void Connections::move(Entry* entry, Row& to) {
  const std::lock_guard lock(mutex_);
  if (entry->row == &leaving_) return;
  const bool is_first = !has_limited();
  to.splice(to.end(), *entry->row, entry->place);
  entry->row = &to;
  entry->since = Clock::now();
  if (is_first) changed_.notify_all();
}

// The library finds the socket at its end, and closes it.
void Connections::hang_up(Row& row) {
  Entry& entry = row.front();
  ::shutdown(entry.socket, SHUT_RDWR);
  leaving_.splice(leaving_.end(), row, entry.place);
  entry.row = &leaving_;
}

void Connections::make_room() {
  const auto count = [this] {
    return idle_.size() + sending_.size() + waiting_.size() + taking_.size();
  };
  while (count() >= limits_.connections_max) {
    if (idle_.empty() && sending_.empty()) return;
    hang_up(idle_.empty() ? sending_ : idle_);
  }
}

bool Connections::has_limited() const {
  return !idle_.empty() || !sending_.empty() || !taking_.empty();
}

void Connections::watch() {
  // Nobody is cut off who is late by less than this.
  constexpr auto look_interval = std::chrono::milliseconds(250);
  const auto hang_up_on_the_late = [this](Row& row, Duration longest) {
    while (!row.empty() && Clock::now() - row.front().since > longest) hang_up(row);
  };
  std::unique_lock lock(mutex_);
  while (!is_ending_) {
    hang_up_on_the_late(idle_, limits_.idle_max);
    hang_up_on_the_late(sending_, limits_.sending_max);
    hang_up_on_the_late(taking_, limits_.sending_max);
    if (has_limited()) {
      changed_.wait_for(lock, look_interval);
    } else {
      changed_.wait(lock);
    }
  }
}

}  // namespace pawl::http
