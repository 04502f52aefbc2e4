#pragma once

#include <optional>
#include <string>

#include "executors/local/ledger.h"
#include "executors/local/message_line.h"
#include "executors/local/messages.h"

namespace pawl::executors {

// What a supervisor tells its server, and when: what is only good to know goes with what presses,
// because it wakes the server. Nothing is told to one that has not said what it knows.
class Telling {
 public:
  // A server has connected, in the place of the one before.
  void connect(world::FileDescriptor socket);
  // It has said what it knows.
  void take_up() { is_taken_up_ = true; }
  bool is_taken_up() const { return is_taken_up_; }
  MessageLine& line() { return line_; }
  const MessageLine& line() const { return line_; }

  void refuse(const Attempt& attempt, std::string why);
  // REQUIRES: that is known.
  void start_of(const Entry& entry);
  void state_of(const Entry& entry);

  // By when something is to be told.
  std::optional<Steady::time_point> due() const { return tell_by_; }
  // Whether the socket has not taken what is to be told.
  bool has_to_tell() const { return line_.has_outgoing() && !tell_by_; }
  // Says what is due. An end presses, unless others wait here to take the room.
  void tell(bool is_anyone_waiting);

 private:
  void report(const Report& report);

  MessageLine line_;
  bool is_taken_up_ = false;  // by the server of this line
  std::optional<Steady::time_point> tell_by_;
  bool has_end_to_tell_ = false;
};

}  // namespace pawl::executors
