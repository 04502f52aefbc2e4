#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/time.h"
#include "daemon/toml_tree.h"

namespace pawl::daemon {

// What is wrong with a configuration file, in the order of its lines once it has been read.
struct ConfigProblem {
  int line = 0;
  std::string message;
};

// Reads the keys of one table. A key that is absent leaves its variable alone; a wrong one is noted
// as a problem, and reading goes on, so that all problems are reported at once.
class TableReader {
 public:
  // `path` is how messages name the table: "restore", empty for the whole file.
  TableReader(const TomlNode& table, std::string path, std::vector<ConfigProblem>& problems);
  // Notes every key that nobody has asked for.
  ~TableReader();

  void text(std::string_view key, std::string& into);
  void texts(std::string_view key, std::vector<std::string>& into);
  // The members of a table of texts; numbers and booleans are taken as they are written.
  void text_map(std::string_view key, std::map<std::string, std::string>& into);
  template <typename Number>
  void integer(std::string_view key, int64_t least, int64_t most, Number& into) {
    if (const auto number = integer_within(key, least, most)) into = static_cast<Number>(*number);
  }
  void bytes(std::string_view key, uint64_t least, std::optional<uint64_t>& into);
  void bytes(std::string_view key, uint64_t least, size_t& into);
  void boolean(std::string_view key, std::optional<bool>& into);
  void duration(std::string_view key, Duration& into);
  void positive_duration(std::string_view key, Duration& into);
  // "6100-6199".
  void port_range(std::string_view key, uint16_t& first, uint16_t& last);
  // Null where it is absent or no table.
  const TomlNode* table(std::string_view key);

  void complain(std::string_view key, std::string_view what);
  std::string full_name(std::string_view key) const;

 private:
  const TomlNode* take(std::string_view key, TomlNode::Kind kind);
  const TomlNode* take(std::string_view key);
  std::optional<int64_t> integer_within(std::string_view key, int64_t least, int64_t most);

  const TomlNode& table_;
  std::string path_;
  std::vector<ConfigProblem>& problems_;
  std::vector<std::string> known_;
};

// A path that was said in a file, from the folder of that file; empty as it is.
std::string from_folder(const std::string& folder, const std::string& path);

}  // namespace pawl::daemon
