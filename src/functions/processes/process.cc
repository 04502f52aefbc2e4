#include "functions/processes/process.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdio>

#include "base/text.h"

namespace pawl::functions::processes {
namespace {

// The service's limit for what a function returns, and a little.
constexpr size_t result_bytes_max = (6 << 20) + 100;
// Of what is said in a call, so much goes with its answer.
constexpr size_t tail_bytes = 4096;

double milliseconds_of(Steady::duration duration) {
  return std::chrono::duration<double, std::milli>(duration).count();
}

}  // namespace

Connection::Connection(Process* of, world::FileDescriptor of_socket)
    : Watched{Kind::connection, of}, socket(std::move(of_socket)), messages(result_bytes_max) {}

bool Connection::send(std::string text) {
  const bool is_behind = !unsent.empty();
  unsent = is_behind ? unsent + text : std::move(text);
  return is_behind || flush();
}

bool Connection::answer(int status, std::vector<http::Header> headers, std::string_view body) {
  ends_when_sent = messages.is_last();
  if (ends_when_sent) headers.push_back({"Connection", "close"});
  return send(text_of(status, headers, body));
}

bool Connection::flush() {
  while (!unsent.empty()) {
    const ssize_t count =
        ::send(socket.number(), unsent.data(), unsent.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    unsent.erase(0, count);
  }
  // The loop sees this as an end of the other side's, and drops the connection.
  if (ends_when_sent) ::shutdown(socket.number(), SHUT_RDWR);
  return true;
}

Process::Process(std::shared_ptr<const Definition> of, Launched launched)
    : definition(std::move(of)), system(std::move(launched)) {}

Connection* Process::waiting() {
  for (Connection& each : connections)
    if (each.waits_for_event) return &each;
  return nullptr;
}

bool Process::hear(LogFile& log) {
  constexpr size_t at_once_max = 1 << 20;  // who talks without end shall not keep us
  char chunk[64 << 10];
  for (size_t total = 0; total < at_once_max;) {
    const ssize_t count = ::read(system.output.number(), chunk, sizeof chunk);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return true;
    if (count == 0) return false;
    total += count;
    const std::string_view text(chunk, count);
    log.append(text);
    heard += text;
    if (heard.size() > 2 * tail_bytes) heard.erase(0, heard.size() - tail_bytes);
  }
  return true;
}

std::string Process::report(Steady::time_point now) const {
  const double took_ms = milliseconds_of(now - began);
  char figures[160], init[64] = "";
  std::snprintf(figures, sizeof figures,
                "\tDuration: %.2f ms\tBilled Duration: %.0f ms\tMemory Size: %lld MB\t"
                "Max Memory Used: %.0f MB\t",
                took_ms, std::ceil(took_ms), static_cast<long long>(definition->memory_mb),
                std::ceil(static_cast<double>(memory_bytes_max) / (1 << 20)));
  if (initialised_in)
    std::snprintf(init, sizeof init, "Init Duration: %.2f ms\t", milliseconds_of(*initialised_in));
  const std::string& id = call->event.id;
  return concat("END RequestId: ", id, "\nREPORT RequestId: ", id, figures, init);
}

}  // namespace pawl::functions::processes
