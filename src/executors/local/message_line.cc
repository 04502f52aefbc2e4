#include "executors/local/message_line.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace pawl::executors {
namespace {

// As much as is taken in one turn, so that who talks much does not keep us from all else.
constexpr size_t received_bytes_max = 1 << 20;

}  // namespace

MessageLine::MessageLine(world::FileDescriptor socket) : socket_(std::move(socket)) {
  ::fcntl(socket_.number(), F_SETFL, O_NONBLOCK);
}

void MessageLine::close() { *this = MessageLine(); }

bool MessageLine::send() {
  while (sent_ < outgoing_.size()) {
    const ssize_t count = ::send(socket_.number(), outgoing_.data() + sent_,
                                 outgoing_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    sent_ += count;
  }
  outgoing_.clear();
  sent_ = 0;
  return true;
}

bool MessageLine::receive() {
  incoming_.erase(0, std::exchange(taken_, 0));
  char chunk[64 << 10];
  for (size_t total = 0; total < received_bytes_max;) {
    const ssize_t count = ::recv(socket_.number(), chunk, sizeof chunk, MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return false;
    incoming_.append(chunk, count);
    total += count;
    if (static_cast<size_t>(count) < sizeof chunk) return true;
  }
  return true;
}

std::optional<Message> MessageLine::next() {
  uint32_t length = 0;
  const std::string_view rest = std::string_view(incoming_).substr(taken_);
  if (rest.size() < sizeof length + 1 || is_broken_) return std::nullopt;
  std::memcpy(&length, rest.data(), sizeof length);
  is_broken_ = length == 0 || length > message_bytes_max;
  if (is_broken_ || rest.size() - sizeof length < length) return std::nullopt;
  taken_ += sizeof length + length;
  return Message{static_cast<MessageKind>(rest[sizeof length]),
                 rest.substr(sizeof length + 1, length - 1)};
}

}  // namespace pawl::executors
