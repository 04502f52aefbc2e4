#include <array>

#include "asl/path/compiler.h"
#include "base/text.h"
#include "json/parse.h"

namespace pawl::asl::path {
namespace {

constexpr int filter_depth_max = 32;

struct NamedFunction {
  std::string_view name;
  Function function;
};
constexpr std::array<NamedFunction, 9> functions{{{"length", Function::length},
                                                  {"size", Function::length},
                                                  {"min", Function::min},
                                                  {"max", Function::max},
                                                  {"avg", Function::average},
                                                  {"sum", Function::sum},
                                                  {"keys", Function::keys},
                                                  {"first", Function::first},
                                                  {"last", Function::last}}};

bool is_definite(const Step& step) {
  if (const auto* members = std::get_if<Members>(&step)) return members->names.size() == 1;
  if (const auto* indexes = std::get_if<Indexes>(&step)) return indexes->numbers.size() == 1;
  return false;
}

void append_step(Expression& expression, Step step) {
  expression.is_definite = expression.is_definite && is_definite(step);
  expression.steps.push_back(std::move(step));
}

void append_utf8(std::string& out, uint32_t point) {
  if (point < 0x80) {
    out += static_cast<char>(point);
  } else if (point < 0x800) {
    out += static_cast<char>(0xC0 | (point >> 6));
    out += static_cast<char>(0x80 | (point & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (point >> 12));
    out += static_cast<char>(0x80 | ((point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (point & 0x3F));
  }
}

// What the name of a variable begins with: all of UTF-8 beyond ASCII is taken for letters.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

Result<Expression> compile(std::string_view text) {
  // What a path names may be written into a value.
  if (!json::is_utf8(text)) return Error(ErrorCode::invalid_argument, "the path is not UTF-8");
  return Compiler(text).whole();
}

Result<Expression> Compiler::whole() {
  Expression expression = TRY(this->expression());
  if (expression.root == Root::current) return error("@ stands only inside a filter");
  if (!at_end()) return error("an unexpected character");
  return expression;
}

Result<Expression> Compiler::expression() {
  Expression expression;
  TRY(root(expression));
  while (peek() == '.' || peek() == '[') TRY(step(expression));
  return expression;
}

Result<void> Compiler::root(Expression& expression) {
  if (take("$$")) {
    expression.root = Root::context;
  } else if (take("$")) {
    expression.root = Root::input;
  } else if (filter_depth_ > 0 && take("@")) {
    expression.root = Root::current;
  } else {
    return error("a path begins with $");
  }
  if (expression.root == Root::input && is_letter(peek())) {
    expression.root = Root::variable;
    const size_t begin = at_;
    while (is_letter(peek()) || (peek() >= '0' && peek() <= '9')) ++at_;
    expression.variable = text_.substr(begin, at_ - begin);
  }
  return {};
}

Result<void> Compiler::step(Expression& expression) {
  if (expression.function) return error("nothing may follow a function");
  const bool descends = take("..");
  if (descends) append_step(expression, Descend{});
  if (!descends && take(".") && peek() != '[') return dotted(expression);
  if (peek() != '[') return dotted(expression);
  append_step(expression, TRY(bracketed()));
  return {};
}

Result<void> Compiler::dotted(Expression& expression) {
  if (take("*")) {
    append_step(expression, Everything{});
    return {};
  }
  const std::string_view name = bare_name();
  if (name.empty()) return error("a name is missing");
  if (take("(")) return function(name, expression);
  append_step(expression, Members{{std::string(name)}});
  return {};
}

Result<void> Compiler::function(std::string_view name, Expression& expression) {
  for (const auto& known : functions) {
    if (known.name != name) continue;
    expression.function = known.function;
    skip_blanks();
    if (!take(")")) return error("the function takes no arguments");
    return {};
  }
  return error("an unknown function");
}

Result<Step> Compiler::bracketed() {
  take("[");
  skip_blanks();
  auto step = selector();
  if (!step) return step;
  skip_blanks();
  if (!take("]")) return error("] is missing");
  return step;
}

Result<Step> Compiler::selector() {
  if (peek() == '\'' || peek() == '"') return names();
  if (take("*")) return Step(Everything{});
  return take("?") ? filter() : numbers();
}

Result<Step> Compiler::names() {
  Members members;
  do {
    skip_blanks();
    members.names.push_back(TRY(quoted()));
    skip_blanks();
  } while (take(","));
  return Step(std::move(members));
}

Result<Step> Compiler::numbers() {
  const auto first = integer();
  skip_blanks();
  if (take(":")) {
    Slice slice;
    slice.begin = first;
    slice.end = integer();
    if (take(":")) slice.stride = integer().value_or(1);
    if (slice.stride < 1) return error("the step of a slice is at least 1");
    return Step(slice);
  }
  if (!first) return error("a quoted name, a number, * or a filter is missing");
  Indexes indexes{{*first}};
  while (take(",")) {
    const auto next = integer();
    if (!next) return error("a number is missing");
    indexes.numbers.push_back(*next);
    skip_blanks();
  }
  return Step(std::move(indexes));
}

Result<Step> Compiler::filter() {
  skip_blanks();
  if (!take("(")) return error("( is missing");
  if (++filter_depth_ > filter_depth_max) return error("filters are nested too deeply");
  Step step = Filter{std::make_unique<const Predicate>(TRY(any()))};
  --filter_depth_;
  skip_blanks();
  if (!take(")")) return error(") is missing");
  return step;
}

Result<std::string> Compiler::quoted() {
  const char quote = peek();
  if (quote != '\'' && quote != '"') return error("a quoted name is missing");
  ++at_;
  std::string name;
  while (!at_end() && peek() != quote) {
    if (peek() == '\\') {
      name += TRY(escape());
    } else {
      name += text_[at_++];
    }
  }
  if (at_end()) return error("a closing quote is missing");
  ++at_;
  return name;
}

Result<std::string> Compiler::escape() {
  ++at_;
  if (at_end()) return error("an escape is cut off");
  const char kind = text_[at_++];
  constexpr std::string_view letters = "nrtbf", meanings = "\n\r\t\b\f";
  if (const auto found = letters.find(kind); found != letters.npos)
    return std::string(1, meanings[found]);
  if (kind != 'u') return std::string(1, kind);
  uint32_t point = 0;
  const std::string_view digits = text_.substr(at_, 4);
  const auto end = std::from_chars(digits.data(), digits.data() + digits.size(), point, 16);
  if (digits.size() != 4 || end.ptr != digits.data() + 4 || (point >= 0xD800 && point < 0xE000))
    return error("\\u takes four hexadecimal digits of a character");
  at_ += 4;
  std::string character;
  append_utf8(character, point);
  return character;
}

std::string_view Compiler::bare_name() {
  const std::string_view stops = filter_depth_ > 0 ? ".[]()'\" \t\r\n=!<>&|~," : ".[]()'\" \t\r\n";
  const size_t begin = at_;
  at_ = std::min(text_.find_first_of(stops, begin), text_.size());
  return text_.substr(begin, at_ - begin);
}

std::optional<int64_t> Compiler::integer() {
  skip_blanks();
  const size_t begin = at_;
  if (peek() == '-') ++at_;
  while (peek() >= '0' && peek() <= '9') ++at_;
  const auto number = parse_integer(text_.substr(begin, at_ - begin));
  if (!number) at_ = begin;
  skip_blanks();
  return number;
}

bool Compiler::take(std::string_view token) {
  if (!text_.substr(at_).starts_with(token)) return false;
  at_ += token.size();
  return true;
}

void Compiler::skip_blanks() {
  at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
}

Error Compiler::error(std::string_view what) const {
  return Error(ErrorCode::invalid_argument,
               concat("'", text_, "' is no JSONPath: ", what, " at character ", at_ + 1));
}

}  // namespace pawl::asl::path
