#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

#include "base/text.h"

namespace pawl::cli {
namespace {

bool is_set(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value != '\0';
}

bool wants_color(std::string_view choice, bool is_terminal) {
  if (choice == "always") return true;
  if (choice == "never" || is_set("NO_COLOR")) return false;
  if (is_set("CLICOLOR_FORCE") && std::string_view(std::getenv("CLICOLOR_FORCE")) != "0") {
    return true;
  }
  const char* kind = std::getenv("TERM");
  return is_terminal && kind != nullptr && std::string_view(kind) != "dumb";
}

// Unset says nothing about the terminal, and nearly all of them take UTF-8.
bool wants_unicode() {
  for (const char* variable : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!is_set(variable)) continue;
    const std::string value = lower(std::getenv(variable));
    return value.find("utf-8") != value.npos || value.find("utf8") != value.npos;
  }
  return true;
}

struct Size {
  int columns = 80, rows = 24;
};

Size terminal_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
    return {};
  return {size.ws_col, size.ws_row};
}

std::string_view code(Color color) {
  switch (color) {
    case Color::plain:
      return "0";
    case Color::dim:
      return "2";
    case Color::bold:
      return "1";
    case Color::red:
      return "31";
    case Color::green:
      return "32";
    case Color::yellow:
      return "33";
    case Color::cyan:
      return "36";
  }
  return "0";
}

void write_all(FILE* stream, std::string_view text) {
  fwrite(text.data(), 1, text.size(), stream);
  fflush(stream);
}

// The length of the colour sequence or character that begins at `at`, and whether it shows.
size_t piece_length(std::string_view text, size_t at, bool& is_shown) {
  is_shown = text[at] != '\x1b';
  size_t end = at + 1;
  if (!is_shown) {
    while (end < text.size() && text[end] != 'm') ++end;
    return end + 1 - at;
  }
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return end - at;
}

}  // namespace

Terminal Terminal::of_process(std::string_view color) {
  const bool is_terminal = isatty(STDOUT_FILENO) != 0;
  const char* kind = std::getenv("TERM");
  const bool is_dumb = kind != nullptr && std::string_view(kind) == "dumb";
  const Size size = terminal_size();
  return Terminal({.is_interactive = is_terminal && !is_dumb,
                   .has_color = wants_color(color, is_terminal),
                   .has_unicode = wants_unicode(),
                   .columns = size.columns,
                   .rows = size.rows});
}

void Terminal::print(std::string_view text) const { write_all(options_.out, text); }

void Terminal::say(std::string_view text) const { write_all(options_.err, text); }

std::string Terminal::paint(Color color, std::string_view text) const {
  if (!options_.has_color || color == Color::plain) return std::string(text);
  return concat("\x1b[", code(color), "m", text, "\x1b[0m");
}

void Block::show(const std::vector<std::string>& lines) {
  std::string out;
  if (height_ > 0) out += concat("\x1b[", height_, "A\r");
  for (const std::string& line : lines) {
    out += concat(fit(line, static_cast<size_t>(terminal_.columns())), "\x1b[K\n");
  }
  out += "\x1b[J";
  terminal_.print(out);
  height_ = lines.size();
}

void Block::clear() {
  if (height_ > 0) terminal_.print(concat("\x1b[", height_, "A\r\x1b[J"));
  height_ = 0;
}

size_t display_width(std::string_view text) {
  size_t width = 0;
  bool is_shown = false;
  for (size_t at = 0; at < text.size(); at += piece_length(text, at, is_shown)) {
    if (text[at] != '\x1b') ++width;
  }
  return width;
}

std::string fit(std::string_view text, size_t columns) {
  if (display_width(text) <= columns || columns == 0) return std::string(text);
  std::string out;
  size_t width = 0;
  bool is_painted = false, is_shown = false;
  for (size_t at = 0; at < text.size() && width + 1 < columns;) {
    const size_t length = piece_length(text, at, is_shown);
    out += text.substr(at, length);
    if (is_shown) ++width;
    is_painted |= !is_shown;
    at += length;
  }
  return out + "…" + (is_painted ? "\x1b[0m" : "");
}

}  // namespace pawl::cli
