#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "executors/local/messages.h"
#include "world/file_descriptor.h"

namespace pawl::executors {

// One end of a connection that carries messages. Never waits.
class MessageLine {
 public:
  MessageLine() = default;
  // A stream socket; it is made non-blocking.
  explicit MessageLine(world::FileDescriptor socket);

  bool is_open() const { return socket_.is_open(); }
  int number() const { return socket_.number(); }
  // What was not sent is forgotten, what was not read too.
  void close();

  // To append messages to.
  std::string& outgoing() { return outgoing_; }
  bool has_outgoing() const { return !outgoing_.empty(); }
  // Sends what the socket takes. False where the other side is gone.
  bool send();
  // Takes what is there. False where the other side is gone, and all it said is taken.
  bool receive();
  // The next whole message; its body is good until the next receive.
  std::optional<Message> next();
  // Whether what was said cannot be a message.
  bool is_broken() const { return is_broken_; }

 private:
  world::FileDescriptor socket_;
  std::string outgoing_, incoming_;
  size_t sent_ = 0, taken_ = 0;
  bool is_broken_ = false;
};

}  // namespace pawl::executors
