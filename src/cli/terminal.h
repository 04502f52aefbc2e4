#pragma once

#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::cli {

enum class Color { plain, dim, bold, red, green, yellow, cyan };

// Where a verb writes: data to `print`, everything else to `say`. Knows whether a person is
// looking.
class Terminal {
 public:
  struct Options {
    FILE* out = stdout;
    FILE* err = stderr;
    bool is_interactive = false;  // standard output is a terminal: blocks may be redrawn
    bool has_color = false;
    bool has_unicode = true;
    int columns = 80;
    int rows = 24;
  };
  explicit Terminal(Options options) : options_(options) {}
  // The terminal of this process; `color` is auto, always or never.
  static Terminal of_process(std::string_view color);

  void print(std::string_view text) const;
  void say(std::string_view text) const;
  std::string paint(Color color, std::string_view text) const;

  bool is_interactive() const { return options_.is_interactive; }
  bool has_unicode() const { return options_.has_unicode; }
  int columns() const { return options_.columns; }
  int rows() const { return options_.rows; }
  FILE* out() const { return options_.out; }

 private:
  Options options_;
};

// Lines that are replaced in place by the next ones. Only on an interactive terminal.
class Block {
 public:
  explicit Block(const Terminal& terminal) : terminal_(terminal) {}
  void show(const std::vector<std::string>& lines);
  // Takes the lines away, so that something else can be written.
  void clear();
  // Keeps what is shown; the next block begins below it.
  void leave() { height_ = 0; }

 private:
  const Terminal& terminal_;
  size_t height_ = 0;
};

// Characters on the screen, colour sequences not counted.
size_t display_width(std::string_view text);
// At most `columns` characters, the last one "…" where something was cut.
std::string fit(std::string_view text, size_t columns);

}  // namespace pawl::cli
