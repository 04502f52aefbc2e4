#include "bench/engine/http_load.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>

#include "aws/signature.h"
#include "base/check.h"
#include "base/text.h"
#include "bench/engine/rig.h"
#include "json/write.h"

namespace pawl::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::array<const char*, 5> names = {"readiness", "start", "describe", "history",
                                              "invoke"};

struct Connection {
  int socket = -1;
  Question question = Question::readiness;
  Steady::time_point asked;
  std::string received;
};

std::string body_of(Question question, const Load& load) {
  if (question == Question::start)
    return json::write(
        json::Value::object({{"stateMachineArn", load.machine_arn}, {"input", "{\"n\":1}"}}));
  return json::write(json::Value::object({{"executionArn", load.execution_arn}}));
}

constexpr const char* target_of(Question question) {
  if (question == Question::start) return "AWSStepFunctions.StartExecution";
  if (question == Question::describe) return "AWSStepFunctions.DescribeExecution";
  return "AWSStepFunctions.GetExecutionHistory";
}

// The requests as they go over the wire. What is signed is signed anew, as clients do.
class Requests {
 public:
  explicit Requests(const Load& load)
      : load_(load), credentials_(aws::credentials_of_environment()) {}

  std::string text(Question question) {
    const std::string host = concat(load_.host, ":", load_.port);
    if (question == Question::readiness)
      return concat("GET /readyz HTTP/1.1\r\nHost: ", host, "\r\n\r\n");
    if (question == Question::invoke)
      return concat("POST /2015-03-31/functions/", load_.function,
                    "/invocations HTTP/1.1\r\nHost: ", host,
                    "\r\nContent-Length: 7\r\n\r\n{\"n\":1}");
    http::ClientRequest request;
    request.method = "POST";
    request.url = concat("http://", host, "/");
    request.body = body_of(question, load_);
    request.headers = {{"Content-Type", "application/x-amz-json-1.0"},
                       {"X-Amz-Target", target_of(question)}};
    if (credentials_) aws::sign(request, *credentials_, {"", "us-east-1", "states"}, clock_.now());
    std::string text = concat("POST / HTTP/1.1\r\nHost: ", host, "\r\n");
    for (const http::Header& header : request.headers)
      text += concat(header.name, ": ", header.value, "\r\n");
    return concat(text, "Content-Length: ", request.body.size(), "\r\n\r\n", request.body);
  }

 private:
  const Load& load_;
  std::optional<aws::Credentials> credentials_;
  world::OsClock clock_;
};

int connect_to(const Load& load) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<uint16_t>(load.port));
  inet_pton(AF_INET, load.host.c_str(), &address.sin_addr);
  CHECK(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
  const int on = 1;
  setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

// Whether a whole answer is there.
bool is_whole(const std::string& received) {
  const size_t end = received.find("\r\n\r\n");
  if (end == received.npos) return false;
  const std::string head = lower(received.substr(0, end));
  const size_t at = head.find("content-length: ");
  CHECK(at != head.npos);
  const auto size = parse_integer(head.substr(at + 16, head.find("\r\n", at) - at - 16));
  return received.size() >= end + 4 + static_cast<size_t>(size.value_or(0));
}

class Run {
 public:
  explicit Run(const Load& load) : load_(load), requests_(load), poll_(epoll_create1(0)) {
    for (const auto& [question, count] : load.connections)
      for (int64_t i = 0; i < count; ++i)
        connections_.push_back({connect_to(load), question, {}, {}});
    for (Connection& connection : connections_) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.ptr = &connection;
      CHECK(epoll_ctl(poll_, EPOLL_CTL_ADD, connection.socket, &event) == 0);
    }
  }
  ~Run() {
    for (const Connection& connection : connections_) close(connection.socket);
    close(poll_);
  }

  json::Value figures() {
    for (Connection& connection : connections_) ask(connection);
    const auto began = Steady::now();
    while (seconds_since(began) < load_.seconds) {
      std::array<epoll_event, 64> events;
      const int count = epoll_wait(poll_, events.data(), events.size(), 1000);
      for (int i = 0; i < count; ++i)
        receive(*static_cast<Connection*>(events[static_cast<size_t>(i)].data.ptr));
    }
    const double took = seconds_since(began);
    json::Value::Object all;
    for (const auto& [question, count] : load_.connections) {
      auto& latencies = latencies_[question];
      std::sort(latencies.begin(), latencies.end());
      CHECK(!latencies.empty());
      all.push_back(
          {names[static_cast<size_t>(question)],
           json::Value::object({{"per_second", static_cast<double>(latencies.size()) / took},
                                {"p50_ms", latencies[latencies.size() / 2] * 1e3},
                                {"p99_ms", latencies[latencies.size() * 99 / 100] * 1e3}})});
    }
    return all;
  }

 private:
  void ask(Connection& connection) {
    const std::string text = requests_.text(connection.question);
    connection.asked = Steady::now();
    connection.received.clear();
    CHECK(::send(connection.socket, text.data(), text.size(), MSG_NOSIGNAL) ==
          static_cast<ssize_t>(text.size()));
  }

  void receive(Connection& connection) {
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(connection.socket, buffer.data(), buffer.size(), 0);
    CHECK(got > 0);
    connection.received.append(buffer.data(), static_cast<size_t>(got));
    if (!is_whole(connection.received)) return;
    if (!connection.received.starts_with("HTTP/1.1 200")) {
      std::fprintf(stderr, "%s\n", connection.received.c_str());
      CHECK(false);
    }
    latencies_[connection.question].push_back(seconds_since(connection.asked));
    ask(connection);
  }

  const Load& load_;
  Requests requests_;
  const int poll_;
  std::vector<Connection> connections_;
  std::map<Question, std::vector<double>> latencies_;
};

}  // namespace

json::Value http_load(const Load& load) { return Run(load).figures(); }

}  // namespace pawl::bench
