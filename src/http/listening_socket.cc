#include "http/listening_socket.h"

#include <netdb.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/check.h"
#include "base/text.h"

namespace pawl::http {
namespace {

Result<world::FileDescriptor> listen_on(const addrinfo& address, const std::string& place) {
  world::FileDescriptor socket(
      ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return errno_error("cannot make a socket", errno);
  const int yes = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(socket.number(), address.ai_addr, address.ai_addrlen) == 0 &&
      ::listen(socket.number(), SOMAXCONN) == 0)
    return socket;
  if (errno == EADDRINUSE)
    return Error(ErrorCode::conflict, concat("cannot listen on ", place, ": it is taken"),
                 "Stop what listens there, or choose another port.");
  return errno_error(concat("cannot listen on ", place), errno);
}

}  // namespace

Result<world::FileDescriptor> listen_on(const std::string& host, uint16_t port) {
  addrinfo wanted{};
  wanted.ai_flags = AI_PASSIVE | AI_NUMERICSERV;
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failure = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (failure != 0)
    return Error(ErrorCode::invalid_argument,
                 concat("cannot listen on ", host, ": ", ::gai_strerror(failure)));
  auto socket = listen_on(*found, concat(host, ":", port));
  ::freeaddrinfo(found);
  return socket;
}

uint16_t port_of(const world::FileDescriptor& socket) {
  sockaddr_storage address{};
  socklen_t length = sizeof address;
  CHECK(::getsockname(socket.number(), reinterpret_cast<sockaddr*>(&address), &length) == 0);
  return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(address).sin6_port
                                             : reinterpret_cast<sockaddr_in&>(address).sin_port);
}

}  // namespace pawl::http
