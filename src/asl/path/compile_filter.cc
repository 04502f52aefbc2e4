#include <array>

#include "asl/path/compiler.h"
#include "base/text.h"

// The inside of "[?( … )]".
//
//   any        = all *( "||" all )
//   all        = unary *( "&&" unary )
//   unary      = "!" unary | "(" any ")" | comparison
//   comparison = operand [ comparator operand ]
//   operand    = path | literal | "[" literals "]"
namespace pawl::asl::path {
namespace {

constexpr int filter_depth_max = 32;

struct Symbol {
  std::string_view text;
  Comparator comparator;
};
// Longer symbols stand before the shorter ones that begin them.
constexpr std::array<Symbol, 10> symbols{{{"==", Comparator::equal},
                                          {"!=", Comparator::not_equal},
                                          {"<=", Comparator::less_equal},
                                          {">=", Comparator::greater_equal},
                                          {"<", Comparator::less},
                                          {">", Comparator::greater},
                                          {"in ", Comparator::in},
                                          {"nin ", Comparator::not_in},
                                          {"contains ", Comparator::contains},
                                          {"size ", Comparator::size}}};

Predicate joined(Predicate::Kind kind, Predicate first) {
  Predicate predicate;
  predicate.kind = kind;
  predicate.parts.push_back(std::move(first));
  return predicate;
}

}  // namespace

Result<Predicate> Compiler::any() {
  Predicate first = TRY(all());
  skip_blanks();
  if (!text_.substr(at_).starts_with("||")) return first;
  Predicate predicate = joined(Predicate::Kind::any, std::move(first));
  for (; take("||"); skip_blanks()) predicate.parts.push_back(TRY(all()));
  return predicate;
}

Result<Predicate> Compiler::all() {
  Predicate first = TRY(unary());
  skip_blanks();
  if (!text_.substr(at_).starts_with("&&")) return first;
  Predicate predicate = joined(Predicate::Kind::all, std::move(first));
  for (; take("&&"); skip_blanks()) predicate.parts.push_back(TRY(unary()));
  return predicate;
}

Result<Predicate> Compiler::unary() {
  skip_blanks();
  const bool negates = take("!");
  if (!negates && !take("(")) return comparison();
  if (++filter_depth_ > filter_depth_max) return error("conditions are nested too deeply");
  Predicate inner = negates ? TRY(unary()) : TRY(any());
  --filter_depth_;
  if (negates) return joined(Predicate::Kind::negation, std::move(inner));
  skip_blanks();
  if (!take(")")) return error(") is missing");
  return inner;
}

Result<Predicate> Compiler::comparison() {
  Predicate predicate;
  predicate.left = TRY(operand());
  skip_blanks();
  const auto comparator = this->comparator();
  if (!comparator) return predicate;
  predicate.kind = Predicate::Kind::comparison;
  predicate.comparator = *comparator;
  predicate.right = TRY(operand());
  return predicate;
}

std::optional<Comparator> Compiler::comparator() {
  for (const auto& symbol : symbols)
    if (take(symbol.text)) return symbol.comparator;
  return std::nullopt;
}

Result<Operand> Compiler::operand() {
  skip_blanks();
  if (peek() == '@' || peek() == '$') return Operand(TRY(expression()));
  if (take("[")) return Operand(TRY(list()));
  return Operand(TRY(literal()));
}

Result<json::Value> Compiler::literal() {
  skip_blanks();
  if (peek() == '\'' || peek() == '"') return json::Value(TRY(quoted()));
  return word();
}

Result<json::Value> Compiler::list() {
  json::Value::Array elements;
  skip_blanks();
  if (take("]")) return json::Value(std::move(elements));
  do {
    elements.push_back(TRY(literal()));
    skip_blanks();
  } while (take(","));
  if (!take("]")) return error("] is missing");
  return json::Value(std::move(elements));
}

Result<json::Value> Compiler::word() {
  const size_t begin = at_;
  at_ = std::min(text_.find_first_of(" \t\r\n=!<>&|~,)]", begin), text_.size());
  const std::string_view word = text_.substr(begin, at_ - begin);
  if (word == "true" || word == "false") return json::Value(word == "true");
  if (word == "null") return json::Value();
  if (const auto integer = parse_integer(word)) return json::Value(*integer);
  if (const auto number = parse_number(word)) return json::Value(*number);
  at_ = begin;
  return error("a path, a number, a quoted text, true, false or null is missing");
}

}  // namespace pawl::asl::path
