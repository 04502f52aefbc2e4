#include "asl/outline.h"

#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "json/parse.h"

namespace pawl::asl::parse {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

constexpr std::string_view value_expected =
    "was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

// Reads a JSON text strictly. Every function returns false when it has met a fault.
class Scanner {
 public:
  Scanner(std::string_view text, const Wanted& wanted) : text_(text), wanted_(wanted) {}

  Outline outline() && {
    if (value(0)) {
      skip_blanks();
      if (at_ != text_.size()) unexpected("was expecting end of input");
    }
    return std::move(outline_);
  }

 private:
  bool value(size_t depth) {
    skip_blanks();
    if (depth > json::depth_max) {
      fail(at_, at_, "The definition is nested too deeply");
      outline_.fault->is_too_deep = true;
      return false;
    }
    note(at_);
    switch (peek()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
        return string(nullptr);
      default:
        return is_digit(peek()) || peek() == '-' ? number() : word();
    }
  }

  bool object(size_t depth) {
    std::unordered_set<std::string_view> names;
    ++at_;
    skip_blanks();
    if (take('}')) return true;
    do {
      skip_blanks();
      const size_t begin = at_;
      if (peek() != '"') return unexpected("was expecting double-quote to start field name");
      std::string_view name;
      if (!string(&name)) return false;
      skip_blanks();
      if (!take(':')) return unexpected("was expecting a colon to separate field name and value");
      const size_t length = location_.size();
      location_ += concat("/", name);
      if (!names.insert(name).second)
        outline_.duplicates.push_back({location_, std::string(name), begin});
      note(begin);
      if (!value(depth + 1)) return false;
      location_.resize(length);
      skip_blanks();
    } while (take(','));
    return take('}') || unexpected("was expecting comma to separate Object entries");
  }

  bool array(size_t depth) {
    ++at_;
    skip_blanks();
    if (take(']')) return true;
    const size_t length = location_.size();
    size_t index = 0;
    do {
      location_ += concat("[", index++, "]");
      if (!value(depth + 1)) return false;
      location_.resize(length);
      skip_blanks();
    } while (take(','));
    return take(']') || unexpected("was expecting comma to separate Array entries");
  }

  // Escapes in names stay as they are written; names of states hardly ever have any.
  bool string(std::string_view* content) {
    const size_t begin = ++at_;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (static_cast<unsigned char>(text_[at_]) < 0x20)
        return unexpected("a control character must be escaped to be part of a string");
      if (text_[at_] == '\\' && !escape()) return false;
    }
    if (at_ >= text_.size()) return unexpected("");
    if (content != nullptr) *content = text_.substr(begin, at_ - begin);
    ++at_;
    return true;
  }

  // Leaves the place at the last character of the escape.
  bool escape() {
    ++at_;
    if (peek() == 'u') {
      for (int digit = 0; digit < 4; ++digit) {
        ++at_;
        if (!std::isxdigit(static_cast<unsigned char>(peek())))
          return unexpected("expected a hex-digit for character escape sequence");
      }
      return true;
    }
    return std::string_view("\"\\/bfnrt").find(peek()) != std::string_view::npos ||
           unexpected("an unrecognized character escape");
  }

  bool number() {
    const size_t begin = at_;
    take('-');
    const bool leads_with_zero = take('0');
    bool is_right = leads_with_zero || is_digit(peek());
    if (!leads_with_zero) skip_digits();
    if (take('.')) is_right = skip_digits() && is_right;
    if (peek() == 'e' || peek() == 'E') {
      ++at_;
      if (peek() == '+' || peek() == '-') ++at_;
      is_right = skip_digits() && is_right;
    }
    if (is_right && !is_word(peek())) return true;
    while (is_word(peek())) ++at_;
    return fail(begin, at_,
                concat("Invalid numeric value '", text_.substr(begin, at_ - begin), "'"));
  }

  bool word() {
    const size_t begin = at_;
    while (is_word(peek())) ++at_;
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "true" || word == "false" || word == "null") return true;
    if (word.empty()) return unexpected("expected a valid value");
    return fail(begin, at_, concat("Unrecognized token '", word, "': ", value_expected));
  }

  bool unexpected(std::string_view expectation) {
    if (at_ >= text_.size()) return fail(text_.size(), text_.size(), "Unexpected end-of-input");
    return fail(
        at_, at_ + 1,
        concat("Unexpected character (", json::shown_character(text_, at_), "): ", expectation));
  }

  bool fail(size_t begin, size_t end, std::string message) {
    outline_.fault = Fault{begin, end, std::move(message)};
    return false;
  }

  // The first place of a location counts: that of a member's name, not of its value.
  void note(size_t offset) {
    const std::string& here = location_.empty() ? whole_ : location_;
    if (!wanted_.empty() && wanted_.contains(here)) outline_.places.emplace(here, offset);
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c || at_ >= text_.size()) return false;
    ++at_;
    return true;
  }
  bool skip_digits() {
    const size_t begin = at_;
    while (is_digit(peek())) ++at_;
    return at_ > begin;
  }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

  std::string_view text_;
  const Wanted& wanted_;
  size_t at_ = 0;
  std::string location_;
  const std::string whole_ = "/";
  Outline outline_;
};

}  // namespace

Outline outline_of(std::string_view text, const Wanted& wanted) {
  return Scanner(text, wanted).outline();
}

Lines::Lines(std::string_view text) : begins_{0} {
  for (size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
    begins_.push_back(at + 1);
}

Place Lines::place(size_t offset) const {
  const auto next = std::upper_bound(begins_.begin(), begins_.end(), offset);
  const auto line = static_cast<size_t>(next - begins_.begin());
  return {line, offset - begins_[line - 1] + 1};
}

}  // namespace pawl::asl::parse
