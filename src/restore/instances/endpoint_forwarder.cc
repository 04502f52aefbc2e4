#include "restore/instances/endpoint_forwarder.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "base/log.h"
#include "base/text.h"
#include "json/parse.h"
#include "world/account.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

using SteadyClock = std::chrono::steady_clock;
using world::FileDescriptor;

constexpr size_t buffer_bytes = 64 << 10;
// A server that has just been swapped out or is being started refuses: `current` is asked again.
constexpr auto connect_pause = std::chrono::milliseconds(50);
constexpr auto connect_limit = std::chrono::seconds(5);

// One direction of a connection.
struct Stream {
  std::vector<char> bytes;  // empty while nothing waits: an idle connection costs no buffer
  size_t begin = 0;
  bool has_ended = false;  // the reading side has seen the end
  bool is_shut = false;    // and it was passed on

  bool is_empty() const { return begin == bytes.size(); }
};

struct Connection {
  FileDescriptor client, server;
  Stream to_server, to_client;
  bool is_connected = false;
  SteadyClock::time_point give_up, retry_at;
};

sockaddr_in tcp_address(const std::string& address, uint16_t port) {
  sockaddr_in result{};
  result.sin_family = AF_INET;
  result.sin_port = htons(port);
  inet_pton(AF_INET, address.c_str(), &result.sin_addr);
  return result;
}

void tune(const FileDescriptor& socket) {
  const int yes = 1;
  setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(socket.number(), SOL_SOCKET, SO_KEEPALIVE, &yes, sizeof yes);
}

class Forwarder {
 public:
  explicit Forwarder(const EndpointOptions& options) : options_(options) {}

  Result<void> open() {
    events_ = FileDescriptor(epoll_create1(EPOLL_CLOEXEC));
    TRY(open_signals());
    TRY(open_tcp());
    open_socket();
    return become_account();
  }

  void run() {
    for (;;) {
      std::array<epoll_event, 64> ready{};
      const int count =
          epoll_wait(events_.number(), ready.data(), ready.size(), retrying_.empty() ? -1 : 20);
      for (int i = 0; i < count; ++i) {
        const int number = ready[i].data.fd;
        if (number == signals_.number()) return;
        if (number == tcp_.number() || number == unix_.number()) {
          accept_from(number);
        } else if (const auto found = connections_.find(number); found != connections_.end()) {
          advance(found->second, ready[i].events, number);
        }
      }
      retry_due();
      ended_.clear();
    }
  }

 private:
  Result<void> open_signals() {
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    sigprocmask(SIG_BLOCK, &set, nullptr);
    signals_ = FileDescriptor(signalfd(-1, &set, SFD_CLOEXEC));
    watch(signals_.number(), EPOLLIN, EPOLL_CTL_ADD);
    return {};
  }

  Result<void> open_tcp() {
    tcp_ = FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    const int yes = 1;
    setsockopt(tcp_.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    const sockaddr_in address = tcp_address(options_.address, options_.port);
    if (bind(tcp_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        listen(tcp_.number(), SOMAXCONN) != 0) {
      return errno_error(concat("cannot listen on ", options_.address, ":", options_.port), errno);
    }
    watch(tcp_.number(), EPOLLIN, EPOLL_CTL_ADD);
    return {};
  }

  // The socket is an extra: where its path is too long, clients have the port.
  void open_socket() {
    const std::string folder = options_.cluster_directory + "/socket";
    const std::string path = concat(folder, "/.s.PGSQL.", options_.port);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
      log(LogLevel::warning, "the endpoint has no socket: its path is longer than 107 bytes",
          {{"path", path}});
      return;
    }
    std::memcpy(address.sun_path, path.data(), path.size());
    static_cast<void>(world::make_directories(folder, 0755));
    unlink(path.c_str());
    unix_ = FileDescriptor(socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (bind(unix_.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0 ||
        chmod(path.c_str(), 0777) != 0 || listen(unix_.number(), SOMAXCONN) != 0) {
      log(LogLevel::warning, "the endpoint has no socket", {{"path", path}});
      unix_.close();
      return;
    }
    watch(unix_.number(), EPOLLIN, EPOLL_CTL_ADD);
  }

  Result<void> become_account() {
    if (options_.account.empty() || geteuid() != 0) return {};
    const world::Account account = TRY(world::resolve_account(options_.account));
    if (setgroups(0, nullptr) == 0 && setgid(account.group) == 0 && setuid(account.user) == 0) {
      return {};
    }
    return errno_error(concat("cannot become ", options_.account), errno);
  }

  void watch(int number, uint32_t events, int operation) {
    epoll_event event{};
    event.events = events;
    event.data.fd = number;
    epoll_ctl(events_.number(), operation, number, &event);
  }

  void accept_from(int listener) {
    for (;;) {
      FileDescriptor client(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
      if (!client.is_open()) return;
      if (listener == tcp_.number()) tune(client);
      auto connection = std::make_unique<Connection>();
      connection->client = std::move(client);
      connection->give_up = SteadyClock::now() + connect_limit;
      const int number = connection->client.number();
      watch(number, 0, EPOLL_CTL_ADD);
      connections_[number] = connection.get();
      Connection& begun = *connection;
      owned_[&begun] = std::move(connection);
      connect_server(begun);
    }
  }

  // The port of the instance that serves at this moment.
  std::optional<uint16_t> serving_port() const {
    const auto text = world::read_file(options_.cluster_directory + "/current/instance.json");
    if (!text) return std::nullopt;
    const auto value = json::parse(*text);
    const auto port = value ? value->integer_at("port") : std::nullopt;
    return port ? std::optional(static_cast<uint16_t>(*port)) : std::nullopt;
  }

  void connect_server(Connection& connection) {
    const auto port = serving_port();
    if (!port) return retry_later(connection);
    connection.server =
        FileDescriptor(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    tune(connection.server);
    const sockaddr_in address = tcp_address("127.0.0.1", *port);
    const int status = connect(connection.server.number(),
                               reinterpret_cast<const sockaddr*>(&address), sizeof address);
    if (status != 0 && errno != EINPROGRESS) return retry_later(connection);
    connections_[connection.server.number()] = &connection;
    watch(connection.server.number(), EPOLLOUT, EPOLL_CTL_ADD);
  }

  void retry_later(Connection& connection) {
    if (connection.server.is_open()) {
      connections_.erase(connection.server.number());
      connection.server.close();
    }
    if (SteadyClock::now() >= connection.give_up) return end(connection);
    connection.retry_at = SteadyClock::now() + connect_pause;
    retrying_.push_back(&connection);
  }

  void retry_due() {
    std::vector<Connection*> waiting = std::move(retrying_);
    retrying_.clear();
    for (Connection* connection : waiting) {
      if (ended_.contains(connection)) continue;
      if (SteadyClock::now() < connection->retry_at) {
        retrying_.push_back(connection);
      } else {
        connect_server(*connection);
      }
    }
  }

  void advance(Connection* connection, uint32_t events, int number) {
    if (ended_.contains(connection)) return;
    if (!connection->is_connected) return finish_connect(*connection, events, number);
    const bool is_alive = pump(connection->client, connection->server, connection->to_server) &&
                          pump(connection->server, connection->client, connection->to_client);
    const bool is_over = connection->to_server.is_shut && connection->to_client.is_shut;
    // A side that is gone altogether would be reported for ever.
    const Stream& from =
        number == connection->client.number() ? connection->to_server : connection->to_client;
    const bool is_gone = (events & EPOLLERR) != 0 || ((events & EPOLLHUP) != 0 && from.is_shut);
    if (!is_alive || is_over || is_gone) return end(*connection);
    watch_streams(*connection);
  }

  void finish_connect(Connection& connection, uint32_t events, int number) {
    if (number == connection.client.number()) {
      if ((events & (EPOLLERR | EPOLLHUP)) != 0) end(connection);
      return;
    }
    int failure = 0;
    socklen_t size = sizeof failure;
    getsockopt(number, SOL_SOCKET, SO_ERROR, &failure, &size);
    if (failure != 0) return retry_later(connection);
    connection.is_connected = true;
    watch_streams(connection);
  }

  // Moves what can be moved now, a bounded amount so that nobody starves. False where a side has
  // broken off.
  bool pump(const FileDescriptor& from, const FileDescriptor& to, Stream& stream) {
    for (int round = 0; round < 16; ++round) {
      if (!flush(to, stream)) return false;
      if (!stream.is_empty() || stream.is_shut) return true;
      if (stream.has_ended) {
        shutdown(to.number(), SHUT_WR);
        stream.is_shut = true;
        return true;
      }
      const ssize_t count = recv(from.number(), scratch_.data(), scratch_.size(), 0);
      if (count < 0) return errno == EAGAIN || errno == EINTR;
      if (count == 0) stream.has_ended = true;
      stream.bytes.assign(scratch_.data(), scratch_.data() + count);
    }
    return flush(to, stream);
  }

  static bool flush(const FileDescriptor& to, Stream& stream) {
    while (!stream.is_empty()) {
      const ssize_t sent = send(to.number(), stream.bytes.data() + stream.begin,
                                stream.bytes.size() - stream.begin, MSG_NOSIGNAL);
      if (sent < 0) return errno == EAGAIN || errno == EINTR;
      stream.begin += static_cast<size_t>(sent);
    }
    std::vector<char>().swap(stream.bytes);
    stream.begin = 0;
    return true;
  }

  void watch_streams(Connection& connection) {
    const auto wanted = [](const Stream& in, const Stream& out) {
      uint32_t events = 0;
      if (!in.has_ended && in.is_empty()) events |= EPOLLIN;
      if (!out.is_empty()) events |= EPOLLOUT;
      return events;
    };
    watch(connection.client.number(), wanted(connection.to_server, connection.to_client),
          EPOLL_CTL_MOD);
    watch(connection.server.number(), wanted(connection.to_client, connection.to_server),
          EPOLL_CTL_MOD);
  }

  // The object stays until the round is over: events of this round may still name it.
  void end(Connection& connection) {
    connections_.erase(connection.client.number());
    if (connection.server.is_open()) connections_.erase(connection.server.number());
    ended_[&connection] = std::move(owned_[&connection]);
    owned_.erase(&connection);
  }

  EndpointOptions options_;
  std::array<char, buffer_bytes> scratch_{};
  FileDescriptor events_, signals_, tcp_, unix_;
  std::map<int, Connection*> connections_;  // by either side's descriptor
  std::map<Connection*, std::unique_ptr<Connection>> owned_, ended_;
  std::vector<Connection*> retrying_;
};

int complain(const Error& error) {
  log(LogLevel::error, error.text());
  return exit_code(error.code());
}

}  // namespace

int run_endpoint_forwarder(const EndpointOptions& options) {
  const std::string lock_path = options.cluster_directory + "/endpoint.lock";
  auto lock = world::FileLock::take(lock_path);
  if (!lock && lock.error().code() == ErrorCode::conflict) return 0;
  if (!lock) return complain(lock.error());
  if (ftruncate(lock->file().number(), 0) != 0) return complain(errno_error(lock_path, errno));
  Forwarder forwarder(options);
  if (auto opened = forwarder.open(); !opened) return complain(opened.error());
  const std::string text = concat(getpid(), " ", options.port, "\n");
  if (auto written = world::write_all(lock->file(), text, lock_path); !written) {
    return complain(written.error());
  }
  forwarder.run();
  return 0;
}

}  // namespace pawl::restore
