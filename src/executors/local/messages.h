#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "executors/executor.h"

// What server and supervisor say to each other, over a stream socket of this machine.
//
//   message = length of what follows (uint32) kind (uint8) body
//
// Numbers are in the order of this machine's bytes; a text is its length (uint32) and its bytes.
// Both sides begin with a hello. The server's take_up is next; nothing is reported before it.
namespace pawl::executors {

// Goes up with every change of what follows. A server refuses a supervisor of another version.
constexpr int64_t protocol_version = 1;
constexpr size_t message_bytes_max = 64 << 20;

enum class MessageKind : uint8_t {
  hello = 1,  // of both
  take_up,    // of the server
  start,
  stop,
  settle,
  started = 16,  // of the supervisor
  ended,
  not_started,
  lost,
};

struct Message {
  MessageKind kind;
  std::string_view body;
};

// One of the four kinds of report.
struct Report {
  MessageKind kind = MessageKind::started;
  Attempt attempt;
  Instant at = {};
  Ending ending = {};     // of `ended`
  std::string text = {};  // where, or why
};

void append_hello(std::string& out);
// Of take_up, stop and settle.
void append_attempts(std::string& out, MessageKind kind, const std::vector<Attempt>& attempts);
void append_batch(std::string& out, const Batch& batch);
void append_report(std::string& out, const Report& report);

// Nothing where the body is not of this kind's form: the other side is broken.
std::optional<int64_t> read_hello(std::string_view body);
std::optional<std::vector<Attempt>> read_attempts(std::string_view body);
std::optional<Batch> read_batch(std::string_view body);
std::optional<Report> read_report(const Message& message);

}  // namespace pawl::executors
