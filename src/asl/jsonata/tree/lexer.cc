#include "asl/jsonata/tree/lexer.h"

#include <charconv>
#include <cmath>

#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

constexpr std::string_view blanks = " \t\n\r\v";
constexpr std::string_view symbol_characters = ".[]{}()@#,;:?+-*/%|=<>^&!~";
constexpr std::string_view long_symbols[] = {"..", ":=", "!=", ">=", "<=", "**", "~>", "?:", "??"};

bool is_blank(char c) { return blanks.find(c) != blanks.npos; }
bool is_symbol(char c) { return symbol_characters.find(c) != symbol_characters.npos; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string Token::shown() const {
  if (kind != Kind::literal) return text;
  if (value.is_string()) return std::string(value.string());
  return text;
}

Token Lexer::make(Token::Kind kind, std::string_view text) const {
  Token token;
  token.kind = kind;
  token.text = text;
  token.position = at_;
  return token;
}

Result<bool, Fault> Lexer::skip_blanks() {
  while (true) {
    while (at_ < source_.size() && is_blank(source_[at_])) ++at_;
    if (peek() != '/' || peek(1) != '*') return true;
    const size_t end = source_.find("*/", at_ + 2);
    if (end == source_.npos) return Fault("S0106").at(at_);
    at_ = end + 2;
  }
}

Result<Token, Fault> Lexer::next(bool is_behind_operand) {
  TRY(skip_blanks());
  if (at_ >= source_.size()) return make(Token::Kind::end, "(end)");
  const char c = peek();
  if (c == '/' && !is_behind_operand) {
    ++at_;
    return regex();
  }
  for (std::string_view symbol : long_symbols) {
    if (source_.substr(at_, 2) != symbol) continue;
    at_ += 2;
    return make(Token::Kind::symbol, symbol);
  }
  if (is_symbol(c)) {
    ++at_;
    return make(Token::Kind::symbol, std::string_view(&source_[at_ - 1], 1));
  }
  if (c == '"' || c == '\'') return quoted_text();
  if (is_digit(c)) return number();
  if (c == '`') return quoted_name();
  return name();
}

// From behind the first slash to the one that no bracket encloses and no backslash hides.
Result<Token, Fault> Lexer::regex() {
  const size_t begin = at_;
  int depth = 0;
  for (bool is_escaped = false; at_ < source_.size(); ++at_) {
    const char c = source_[at_];
    if (c == '/' && depth == 0 && !is_escaped) break;
    if (!is_escaped && (c == '(' || c == '[' || c == '{')) ++depth;
    if (!is_escaped && (c == ')' || c == ']' || c == '}')) --depth;
    is_escaped = c == '\\' && !is_escaped;
  }
  if (at_ >= source_.size()) return Fault("S0302").at(at_);
  const auto pattern = source_.substr(begin, at_ - begin);
  if (pattern.empty()) return Fault("S0301").at(at_);
  Regex::Flags flags;
  for (++at_; peek() == 'i' || peek() == 'm'; ++at_)
    (peek() == 'i' ? flags.ignores_case : flags.is_multiline) = true;
  auto compiled = Regex::compile(pattern, flags);
  if (!compiled) return Fault("S0303").at(at_).with_text("message", compiled.error());
  Token token = make(Token::Kind::regex, pattern);
  token.regex = std::make_unique<const Regex>(std::move(*compiled));
  return token;
}

Result<bool, Fault> Lexer::escape(std::string& out) {
  constexpr std::string_view letters = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
  const char c = peek();
  if (const size_t place = letters.find(c); at_ < source_.size() && place != letters.npos) {
    out += meanings[place];
    return true;
  }
  if (c != 'u' || at_ >= source_.size()) {
    const size_t size = at_ < source_.size() ? character_size(source_, at_) : 0;
    return Fault("S0103").at(at_).token(source_.substr(at_, size));
  }
  const auto digits = source_.substr(at_ + 1, 4);
  uint32_t unit = 0;
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
  if (digits.empty() || end.ptr != digits.data() + digits.size()) return Fault("S0104").at(at_);
  at_ += 4;
  // A pair of surrogates is one character.
  char32_t high = 0;
  if (unit >= 0xDC00 && unit < 0xE000 && out.size() >= 3) {
    size_t last = out.size() - 3;
    high = next_character(out, last);
  }
  if (high >= 0xD800 && high < 0xDC00) {
    out.resize(out.size() - 3);
    unit = 0x10000 + ((high - 0xD800) << 10) + (unit - 0xDC00);
  }
  append_character(out, unit);
  return true;
}

Result<Token, Fault> Lexer::quoted_text() {
  const char quote = source_[at_++];
  std::string text;
  for (; at_ < source_.size(); ++at_) {
    const char c = source_[at_];
    if (c == quote) {
      ++at_;
      Token token = make(Token::Kind::literal, "");
      token.value = json::Value(text);
      return token;
    }
    if (c != '\\') {
      text += c;
      continue;
    }
    ++at_;
    TRY(escape(text));
  }
  return Fault("S0101").at(source_.size());
}

Result<Token, Fault> Lexer::number() {
  const size_t begin = at_;
  const auto digits = [&] {
    while (is_digit(peek())) ++at_;
  };
  if (source_[at_] == '0')
    ++at_;
  else
    digits();
  if (peek() == '.' && is_digit(peek(1))) {
    ++at_;
    digits();
  }
  const size_t sign = peek(1) == '-' || peek(1) == '+' ? 1 : 0;
  if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
    at_ += 1 + sign;
    digits();
  }
  const auto text = source_.substr(begin, at_ - begin);
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  // Too small is nothing, too large is an error.
  const size_t exponent = text.find_first_of("eE");
  const bool is_tiny = exponent != text.npos && text.substr(exponent + 1, 1) == "-";
  if (read.ec != std::errc() && !is_tiny) return Fault("S0102").at(begin).token(text);
  Token token = make(Token::Kind::literal, text);
  constexpr double exact_max = 0x1p53;
  if (read.ec != std::errc()) number = 0;
  const bool is_whole = number == std::trunc(number) && number <= exact_max;
  token.value = is_whole ? json::Value(static_cast<int64_t>(number)) : json::Value(number);
  return token;
}

Result<Token, Fault> Lexer::quoted_name() {
  const size_t end = source_.find('`', at_ + 1);
  if (end == source_.npos) return Fault("S0105").at(source_.size());
  const auto text = source_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  return make(Token::Kind::name, text);
}

Token Lexer::name() {
  const size_t begin = at_;
  while (at_ < source_.size() && !is_blank(source_[at_]) && !is_symbol(source_[at_])) ++at_;
  const auto text = source_.substr(begin, at_ - begin);
  if (text[0] == '$') return make(Token::Kind::variable, text.substr(1));
  if (text == "and" || text == "or" || text == "in") return make(Token::Kind::symbol, text);
  if (text != "true" && text != "false" && text != "null") return make(Token::Kind::name, text);
  Token token = make(Token::Kind::literal, text);
  token.value = text == "null" ? json::Value() : json::Value(text == "true");
  return token;
}

}  // namespace pawl::asl::jsonata
