#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace pawl::cli {

// Declares what a verb takes, and reads it. Variables are set when parse() has succeeded and must
// live until then. `names` is "-i,--input" for an option.
class Arguments {
 public:
  Arguments(std::string_view program, std::string_view summary);
  ~Arguments();

  void positional(std::string_view name, std::string& into, std::string_view help);
  void optional_positional(std::string_view name, std::string& into, std::string_view help);
  void positionals(std::string_view name, std::vector<std::string>& into, std::string_view help,
                   size_t count_min);

  void option(std::string_view names, std::string& into, std::string_view help);
  // May be given several times.
  void option(std::string_view names, std::vector<std::string>& into, std::string_view help);
  void choice(std::string_view names, std::string& into, const std::vector<std::string>& allowed,
              std::string_view help);
  struct Bounds {
    int64_t least, most;
  };
  void number(std::string_view names, std::optional<int64_t>& into, Bounds bounds,
              std::string_view help);
  // "2m", "30s", "24h"; a bare number is seconds.
  void duration(std::string_view names, std::optional<Duration>& into, std::string_view help);
  void flag(std::string_view names, bool& into, std::string_view help);
  // What --help says below the options.
  void remark(std::string_view text);

  // The text of --help where that was asked for. Error: invalid_argument.
  Result<std::optional<std::string>> parse(std::vector<std::string> words);

 private:
  struct Parser;
  std::unique_ptr<Parser> parser_;
};

}  // namespace pawl::cli
