// A function in C++ that speaks the Lambda Runtime API over one connection and does what its event
// says, so that tests and measurements can have it do anything:
//
//   {"print": "text"}              says it on standard output
//   {"sleep_ms": 100}              takes its time
//   {"allocate_mb": 200}           fills memory
//   {"child_allocate_mb": 200}     has a child fill it
//   {"children": 2}                leaves children behind that sleep, one in a session of its own
//   {"exit": 3} {"signal": 9}      ends
//   {"error": {…}}                 hands that over as its error
//   {"return": …}                  the result; the event itself where absent
//
// INIT_SLEEP_MS, INIT_EXIT and INIT_ERROR of the environment do such things before the first event.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <spawn.h>
#include <sys/socket.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace {

using pawl::concat;
using pawl::json::Value;

int connect_to(std::string_view address) {
  const size_t colon = address.find(':');
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_port = htons(static_cast<uint16_t>(*pawl::parse_integer(address.substr(colon + 1))));
  inet_pton(AF_INET, std::string(address.substr(0, colon)).c_str(), &place.sin_addr);
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (::connect(socket, reinterpret_cast<sockaddr*>(&place), sizeof place) != 0) std::exit(90);
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  return socket;
}

struct Message {
  std::string head, body;
  std::string header(const std::string& name) const {
    const size_t at = head.find("\r\n" + name + ": ");
    if (at == head.npos) return {};
    const size_t begin = at + name.size() + 4;
    return head.substr(begin, head.find("\r\n", begin) - begin);
  }
};

class Runtime {
 public:
  Runtime() : socket_(connect_to(std::getenv("AWS_LAMBDA_RUNTIME_API"))) {}

  Message ask(std::string_view method, std::string_view path, std::string_view body = {}) {
    const std::string text =
        concat(method, " /2018-06-01/runtime/", path, " HTTP/1.1\r\nHost: runtime\r\n",
               "Content-Length: ", body.size(), "\r\n\r\n", body);
    for (size_t sent = 0; sent < text.size();) {
      const auto count = ::send(socket_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
      if (count <= 0) std::exit(91);
      sent += count;
    }
    return receive();
  }

 private:
  Message receive() {
    size_t end = 0;
    while ((end = bytes_.find("\r\n\r\n")) == bytes_.npos) read_some();
    Message message{bytes_.substr(0, end + 2), {}};
    const size_t length = *pawl::parse_integer(message.header("Content-Length"));
    while (bytes_.size() < end + 4 + length) read_some();
    message.body = bytes_.substr(end + 4, length);
    bytes_.erase(0, end + 4 + length);
    return message;
  }

  void read_some() {
    char chunk[64 << 10];
    const auto count = ::recv(socket_, chunk, sizeof chunk, 0);
    if (count <= 0) std::exit(92);
    bytes_.append(chunk, count);
  }

  int socket_;
  std::string bytes_;
};

void sleep_for(int64_t ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

void fill_memory(int64_t megabytes) {
  static std::vector<char*> kept;
  for (int64_t number = 0; number < megabytes; ++number) {
    kept.push_back(static_cast<char*>(std::malloc(1 << 20)));
    std::memset(kept.back(), 1, 1 << 20);
  }
}

void start(std::vector<std::string> words, bool has_own_session) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  if (has_own_session) posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
  pid_t child = 0;
  posix_spawnp(&child, pointers[0], nullptr, &attributes, pointers.data(), environ);
}

void obey(const Value& event) {
  if (const auto text = event.string_at("print")) {
    std::printf("%s\n", text->c_str());
    std::fflush(stdout);
  }
  if (const auto megabytes = event.integer_at("allocate_mb")) fill_memory(*megabytes);
  if (const auto megabytes = event.integer_at("child_allocate_mb"))
    start({"/proc/self/exe", "--fill", concat(*megabytes)}, false);
  if (const auto count = event.integer_at("children"))
    for (int64_t number = 0; number < *count; ++number) start({"sleep", "987"}, number > 0);
  if (const auto ms = event.integer_at("sleep_ms")) sleep_for(*ms);
  if (const auto status = event.integer_at("exit")) std::exit(static_cast<int>(*status));
  if (const auto signal = event.integer_at("signal")) std::raise(static_cast<int>(*signal));
}

const char* setting(const char* name) { return std::getenv(name); }

void begin(Runtime& runtime) {
  if (const char* ms = setting("INIT_SLEEP_MS")) sleep_for(std::atoll(ms));
  if (const char* error = setting("INIT_ERROR")) {
    runtime.ask("POST", "init/error", error);
    std::exit(1);
  }
  if (const char* status = setting("INIT_EXIT")) std::exit(std::atoi(status));
}

void serve(Runtime& runtime) {
  for (;;) {
    const Message next = runtime.ask("GET", "invocation/next");
    const std::string id = next.header("Lambda-Runtime-Aws-Request-Id");
    const auto event = pawl::json::parse(next.body);
    if (event && event->is_object()) obey(*event);
    const Value* error = event ? event->find("error") : nullptr;
    const Value* result = event ? event->find("return") : nullptr;
    const std::string body = error    ? pawl::json::write(*error)
                             : result ? pawl::json::write(*result)
                                      : next.body;
    runtime.ask("POST", concat("invocation/", id, error ? "/error" : "/response"), body);
  }
}

}  // namespace

int main(int count, char** words) {
  if (count == 3 && std::string_view(words[1]) == "--fill") {
    fill_memory(std::atoll(words[2]));
    sleep_for(100'000);
    return 0;
  }
  Runtime runtime;
  begin(runtime);
  serve(runtime);
}
