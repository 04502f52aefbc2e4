#include "executors/local/local_socket.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "world/files.h"

namespace pawl::executors {
namespace {

constexpr std::string_view socket_name = "socket";

struct Address {
  world::FileDescriptor directory;  // the address leads through it
  sockaddr_un name{};
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&name); }
};

Result<Address> address_in(const std::string& directory) {
  Address address;
  address.directory = TRY(world::open_file(directory, O_RDONLY | O_DIRECTORY, "cannot open"));
  address.name.sun_family = AF_UNIX;
  const std::string path = concat("/proc/self/fd/", address.directory.number(), "/", socket_name);
  std::memcpy(address.name.sun_path, path.c_str(), path.size() + 1);
  return address;
}

Result<world::FileDescriptor> stream_socket() {
  world::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!socket.is_open()) return errno_error("cannot make a socket", errno);
  return socket;
}

}  // namespace

std::string socket_path_in(const std::string& directory) {
  return concat(directory, "/", socket_name);
}

Result<world::FileDescriptor> listen_in(const std::string& directory) {
  const Address address = TRY(address_in(directory));
  world::FileDescriptor socket = TRY(stream_socket());
  ::unlink(address.name.sun_path);
  const mode_t before = ::umask(0177);
  const int bound = ::bind(socket.number(), address.get(), sizeof address.name);
  const int failure = errno;
  ::umask(before);
  if (bound != 0) return errno_error(concat("cannot make ", socket_path_in(directory)), failure);
  if (::listen(socket.number(), SOMAXCONN) != 0)
    return errno_error(concat("cannot listen on ", socket_path_in(directory)), errno);
  return socket;
}

Result<world::FileDescriptor> connect_in(const std::string& directory) {
  const Address address = TRY(address_in(directory));
  world::FileDescriptor socket = TRY(stream_socket());
  if (::connect(socket.number(), address.get(), sizeof address.name) == 0) return socket;
  const std::string what = concat("cannot reach ", socket_path_in(directory));
  if (errno == ENOENT || errno == ECONNREFUSED)
    return Error(ErrorCode::unavailable, concat(what, ": nobody listens"));
  if (errno == EAGAIN) return Error(ErrorCode::limit_exceeded, concat(what, ": nobody answers"));
  return errno_error(what, errno);
}

bool is_peer_ours(const world::FileDescriptor& socket) {
  ucred peer{};
  socklen_t size = sizeof peer;
  return ::getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 &&
         peer.uid == ::geteuid();
}

}  // namespace pawl::executors
