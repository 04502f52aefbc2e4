#include "restore/instances/port_holder.h"

#include <pwd.h>
#include <unistd.h>

#include <charconv>
#include <optional>
#include <vector>

#include "base/text.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

struct Listener {
  std::string user, inode;
};

std::string user_of(int64_t id) {
  passwd entry{}, *found = nullptr;
  std::vector<char> buffer(16384);
  getpwuid_r(static_cast<uid_t>(id), &entry, buffer.data(), buffer.size(), &found);
  return found != nullptr ? found->pw_name : concat(id);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  for (const std::string_view word : split(line, ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

// A line of /proc/net/tcp: "0: 0100007F:1838 00000000:0000 0A 00000000:00000000 00:00000000
// 00000000 33 0 12345 …": local address and port in hex, the state (0A listens), user, inode.
std::optional<Listener> listener_in(std::string_view line, uint16_t port) {
  const auto words = words_of(line);
  if (words.size() < 10 || words[3] != "0A") return std::nullopt;
  const std::string_view digits = words[1].substr(words[1].rfind(':') + 1);
  uint16_t listens_on = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), listens_on, 16);
  if (listens_on != port) return std::nullopt;
  return Listener{user_of(parse_integer(words[7]).value_or(0)), std::string(words[9])};
}

std::optional<Listener> listener_on(uint16_t port) {
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    const auto text = world::read_file(table);
    if (!text) continue;
    for (const std::string_view line : split(*text, '\n')) {
      if (auto listener = listener_in(line, port)) return listener;
    }
  }
  return std::nullopt;
}

// The process that has the socket open, where we may look into it.
std::optional<std::string> process_with(const std::string& inode) {
  const auto processes = world::list_directory("/proc");
  if (!processes) return std::nullopt;
  const std::string wanted = concat("socket:[", inode, "]");
  for (const std::string& process : *processes) {
    if (!parse_integer(process)) continue;
    const std::string folder = concat("/proc/", process, "/fd");
    const auto open = world::list_directory(folder);
    for (const std::string& number : open ? *open : std::vector<std::string>()) {
      char target[64];
      const ssize_t length = ::readlink(concat(folder, "/", number).c_str(), target, sizeof target);
      if (length > 0 && std::string_view(target, static_cast<size_t>(length)) == wanted) {
        return process;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::string port_holder(uint16_t port) {
  const auto listener = listener_on(port);
  if (!listener) return "another program";
  const auto process = process_with(listener->inode);
  if (!process) return concat("a program of user ", listener->user);
  const auto name = world::read_file(concat("/proc/", *process, "/comm"));
  return concat(name ? trim(*name) : std::string("a program"), " (process ", *process, ", user ",
                listener->user, ")");
}

}  // namespace pawl::restore
