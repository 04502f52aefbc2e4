#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <string>
#include <string_view>

#include "world/file_descriptor.h"

namespace pawl::http {

// A bare TCP connection, for tests that must misbehave.
class TestSocket {
 public:
  explicit TestSocket(int number) : socket_(number) {}

  static TestSocket connect_to(uint16_t port) {
    TestSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(port);
    EXPECT_EQ(::connect(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    return made;
  }
  // Listens on a port of the system's choice.
  static TestSocket listening() {
    TestSocket made(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const sockaddr_in address = loopback(0);
    EXPECT_EQ(::bind(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
              0);
    EXPECT_EQ(::listen(made.number(), 16), 0);
    return made;
  }

  TestSocket accept() { return TestSocket(::accept4(number(), nullptr, nullptr, SOCK_CLOEXEC)); }
  uint16_t port() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    ::getsockname(number(), reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
  }

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::send(number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      bytes.remove_prefix(count);
    }
  }
  // Until the other side closes, or `until` has come.
  std::string read(std::string_view until = {}) {
    std::string bytes;
    for (char chunk[4096]; until.empty() || bytes.find(until) == std::string::npos;) {
      const ssize_t count = ::recv(number(), chunk, until.empty() ? sizeof chunk : 1, 0);
      if (count <= 0) break;
      bytes.append(chunk, count);
    }
    return bytes;
  }

  int number() const { return socket_.number(); }
  void close() { socket_.close(); }

 private:
  static sockaddr_in loopback(uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
  }

  world::FileDescriptor socket_;
};

}  // namespace pawl::http
