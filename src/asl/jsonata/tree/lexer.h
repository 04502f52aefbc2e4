#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "asl/jsonata/fault.h"
#include "asl/jsonata/regex/regex.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::asl::jsonata {

struct Token {
  enum class Kind : uint8_t { end, symbol, name, variable, literal, regex };
  Kind kind = Kind::end;
  std::string text;     // of a symbol, name or variable; "(end)"
  json::Value value;    // of a literal
  size_t position = 0;  // in bytes, just behind it
  std::unique_ptr<const Regex> regex;

  bool is(std::string_view symbol_text) const {
    return kind == Kind::symbol && text == symbol_text;
  }
  // As messages name it.
  std::string shown() const;
};

// Takes an expression apart.
class Lexer {
 public:
  explicit Lexer(std::string_view source) : source_(source) {}

  // `is_behind_operand`: a slash divides there, elsewhere it begins a regular expression.
  Result<Token, Fault> next(bool is_behind_operand);

 private:
  char peek(size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  Result<bool, Fault> skip_blanks();
  Result<Token, Fault> regex();
  Result<Token, Fault> quoted_text();
  Result<bool, Fault> escape(std::string& out);
  Result<Token, Fault> number();
  Result<Token, Fault> quoted_name();
  Token name();
  Token make(Token::Kind kind, std::string_view text) const;

  std::string_view source_;
  size_t at_ = 0;
};

}  // namespace pawl::asl::jsonata
