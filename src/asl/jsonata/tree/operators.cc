#include "asl/jsonata/tree/operators.h"

#include "asl/jsonata/regex/regex.h"
#include "asl/jsonata/signature.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

struct Row {
  std::string_view symbol;
  int power;
  Operation operation;
};

constexpr Row rows[] = {
    {"(", 80, Operation::none},       {"[", 80, Operation::predicate},
    {"@", 80, Operation::focus},      {"#", 80, Operation::index},
    {".", 75, Operation::map},        {"{", 70, Operation::group},
    {"*", 60, Operation::multiply},   {"/", 60, Operation::divide},
    {"%", 60, Operation::remainder},  {"+", 50, Operation::add},
    {"-", 50, Operation::subtract},   {"&", 50, Operation::concatenate},
    {"=", 40, Operation::equal},      {"!=", 40, Operation::unequal},
    {"<", 40, Operation::less},       {"<=", 40, Operation::less_or_equal},
    {">", 40, Operation::greater},    {">=", 40, Operation::greater_or_equal},
    {"in", 40, Operation::member_of}, {"^", 40, Operation::order},
    {"~>", 40, Operation::none},      {"?:", 40, Operation::if_true},
    {"??", 40, Operation::if_exists}, {"and", 30, Operation::both},
    {"or", 25, Operation::either},    {"?", 20, Operation::none},
    {":=", 10, Operation::none},      {"..", 0, Operation::range},
};

}  // namespace

Extras::Extras() = default;
Extras::~Extras() = default;

int binding_power(std::string_view symbol) {
  for (const Row& row : rows)
    if (row.symbol == symbol) return row.power;
  return 0;
}

Operation operation_of(std::string_view symbol) {
  for (const Row& row : rows)
    if (row.symbol == symbol) return row.operation;
  return Operation::none;
}

std::string_view symbol(Operation operation) {
  for (const Row& row : rows)
    if (row.operation == operation) return row.symbol;
  return "";
}

std::string shown_value(const Node& node) {
  if (node.value.is_string()) return std::string(node.value.string());
  if (node.kind == NodeKind::literal) return json::write(node.value);
  if (node.kind == NodeKind::binary) return std::string(symbol(node.operation));
  return node.kind == NodeKind::end ? "(end)" : "(";
}

}  // namespace pawl::asl::jsonata
