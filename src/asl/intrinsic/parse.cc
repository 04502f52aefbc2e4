#include "json/parse.h"

#include "asl/intrinsic/call.h"
#include "base/text.h"

namespace pawl::asl::intrinsic {
namespace {

constexpr int depth_max = 10;  // The service's limit on calls within calls.

// call     = name "(" [ argument *( "," argument ) ] ")"
// argument = call | path | "'" text "'" | number | "null" | "true" | "false"
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Result<Call> whole() {
    Call call = TRY(this->call());
    skip_blanks();
    if (at_ != text_.size()) return error("an unexpected character");
    return call;
  }

 private:
  Result<Call> call() {
    if (++depth_ > depth_max) return error("calls are nested too deeply");
    const size_t begin = at_;
    at_ = std::min(text_.find_first_of("(,) \t\r\n'", begin), text_.size());
    const std::string_view name = text_.substr(begin, at_ - begin);
    Call call{find(name), {}, {}};
    if (call.function == nullptr) return error(concat("no function '", name, "'"));
    skip_blanks();
    if (!take('(')) return error("( is missing");
    TRY(arguments(call));
    call.text = text_.substr(begin, at_ - begin);
    --depth_;
    return call;
  }

  Result<void> arguments(Call& call) {
    skip_blanks();
    if (!take(')')) {
      do {
        skip_blanks();
        call.arguments.push_back(TRY(argument(call)));
        skip_blanks();
      } while (take(','));
      if (!take(')')) return error(") or , is missing");
    }
    const size_t count = call.arguments.size();
    if (count < call.function->arguments_min || count > call.function->arguments_max)
      return error(concat("a wrong number of arguments for ", call.function->name));
    return {};
  }

  Result<Argument> argument(const Call& call) {
    if (peek() == '$') return path();
    if (peek() == '\'') return Argument(json::Value(TRY(quoted(call.function->call == format))));
    if (text_.substr(at_).starts_with("States."))
      return Argument(std::make_unique<const Call>(TRY(this->call())));
    return literal();
  }

  Result<Argument> path() {
    const size_t begin = at_;
    int depth = 0;
    char quote = 0;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != 0) {
        if (c == '\\') ++at_;
        if (c == quote) quote = 0;
        continue;
      }
      if (depth == 0 && (c == ',' || c == ')')) break;
      if (c == '\'' || c == '"') quote = c;
      if (c == '[' || c == '(') ++depth;
      if (c == ']' || c == ')') --depth;
    }
    at_ = std::min(at_, text_.size());
    return Argument(TRY(Path::parse(trim(text_.substr(begin, at_ - begin)))));
  }

  // A backslash may stand before ', {, } and itself. Format reads the last three itself, because
  // "\{" and "{" differ there.
  Result<std::string> quoted(bool keeps_escapes) {
    std::string text;
    for (++at_; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\') {
        ++at_;
        if (std::string_view("'{}\\").find(peek()) == std::string_view::npos)
          return error("a backslash that escapes nothing");
        if (keeps_escapes && peek() != '\'') text += '\\';
      }
      text += text_[at_];
    }
    if (!take('\'')) return error("a closing quote is missing");
    return text;
  }

  Result<Argument> literal() {
    const size_t begin = at_;
    at_ = std::min(text_.find_first_of(",) \t\r\n", begin), text_.size());
    const std::string_view word = text_.substr(begin, at_ - begin);
    if (word == "null") return Argument(json::Value());
    if (word == "true" || word == "false") return Argument(json::Value(word == "true"));
    if (const auto integer = parse_integer(word)) return Argument(json::Value(*integer));
    if (const auto number = parse_number(word)) return Argument(json::Value(*number));
    at_ = begin;
    return error("an argument is missing");
  }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  Error error(std::string_view what) const {
    return Error(
        ErrorCode::invalid_argument,
        concat("'", text_, "' is no intrinsic function call: ", what, " at character ", at_ + 1));
  }

  std::string_view text_;
  size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

Result<Call> parse(std::string_view text) {
  if (!json::is_utf8(text))
    return Error(ErrorCode::invalid_argument, "the intrinsic function call is not UTF-8");
  return Parser(text).whole();
}

}  // namespace pawl::asl::intrinsic
