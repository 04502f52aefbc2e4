#include "asl/jsonata/evaluate/operators.h"

#include <cmath>

#include "asl/jsonata/text/number_text.h"
#include "asl/jsonata/text/utf8.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

constexpr int significant_digits = 15;

void break_line(std::string& out, int indent) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<size_t>(indent) * 2, ' ');
}

// Texts of JavaScript may hold half a character, which only an escape can write.
void append_quoted(std::string& out, std::string_view text) {
  if (text.find('\xED') == text.npos) return json::append_string(out, text);
  std::string escaped;
  json::append_string(escaped, text);
  for (size_t at = 0; at < escaped.size();) {
    const size_t begin = at;
    const char32_t character = next_character(escaped, at);
    if (!is_surrogate(character)) {
      out.append(escaped, begin, at - begin);
      continue;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) out += digits[(character >> shift) & 15];
  }
}

std::optional<Fault> append_json(std::string& out, const Item& item, int indent);

std::optional<Fault> append_array(std::string& out, const Item& item, int indent) {
  const int inner = indent < 0 ? indent : indent + 1;
  out += '[';
  for (size_t at = 0; at < item.size(); ++at) {
    if (at > 0) out += ',';
    break_line(out, inner);
    if (auto fault = append_json(out, item.at(at), inner)) return fault;
  }
  if (item.size() > 0) break_line(out, indent);
  out += ']';
  return std::nullopt;
}

std::optional<Fault> append_object(std::string& out, const Item& item, int indent) {
  const int inner = indent < 0 ? indent : indent + 1;
  bool is_first = true;
  out += '{';
  for (size_t at = 0; at < item.size(); ++at) {
    const Item value = item.value_at(at);
    if (value.is_undefined()) continue;
    if (!is_first) out += ',';
    is_first = false;
    break_line(out, inner);
    append_quoted(out, item.key_at(at).text());
    out += indent < 0 ? ":" : ": ";
    if (auto fault = append_json(out, value, inner)) return fault;
  }
  if (!is_first) break_line(out, indent);
  out += '}';
  return std::nullopt;
}

std::optional<Fault> append_number(std::string& out, const Item& item) {
  if (item.kind() == Item::Kind::whole) {
    json::append(out, item.to_json());
    return std::nullopt;
  }
  const double number = item.number();
  if (std::isinf(number)) return Fault("D1001").with("value", number_text(number));
  if (std::isnan(number))
    out += "null";
  else if (number == std::trunc(number))
    out += number_text(number);
  else
    out += number_text(with_precision(number, significant_digits));
  return std::nullopt;
}

std::optional<Fault> append_json(std::string& out, const Item& item, int indent) {
  switch (item.kind()) {
    case Item::Kind::boolean:
      out += item.is_true() ? "true" : "false";
      return std::nullopt;
    case Item::Kind::number:
    case Item::Kind::whole:
      return append_number(out, item);
    case Item::Kind::string:
      append_quoted(out, item.text());
      return std::nullopt;
    case Item::Kind::function:
      out += "\"\"";
      return std::nullopt;
    case Item::Kind::array:
      return append_array(out, item, indent);
    case Item::Kind::object:
      return append_object(out, item, indent);
    default:
      out += "null";
      return std::nullopt;
  }
}

bool is_equal_object(const Item& left, const Item& right, int64_t& looked_at) {
  if (left.size() != right.size()) return false;
  for (size_t at = 0; at < left.size(); ++at) {
    const Item other = right.member(left.key_at(at).text());
    if (!is_equal(left.value_at(at), other, looked_at)) return false;
  }
  return true;
}

void collect(Heap& heap, const Item& input, std::string_view name, Ref<List>& into) {
  for (size_t at = 0; at < input.size(); ++at) {
    const Item element = input.at(at);
    if (element.is_array()) {
      collect(heap, element, name, into);
      continue;
    }
    const Item found = element.member(name);
    if (found.is_undefined()) continue;
    if (!found.is_array()) {
      into->push(found);
      continue;
    }
    for (size_t inner = 0; inner < found.size(); ++inner) into->push(found.at(inner));
  }
}

}  // namespace

bool is_true(const Item& item, int64_t& looked_at) {
  switch (item.kind()) {
    case Item::Kind::boolean:
      return item.is_true();
    case Item::Kind::number:
    case Item::Kind::whole:
      return item.number() != 0 && !std::isnan(item.number());
    case Item::Kind::string:
      return !item.text().empty();
    case Item::Kind::object:
      return item.size() > 0;
    case Item::Kind::array:
      for (size_t at = 0; at < item.size(); ++at, ++looked_at)
        if (is_true(item.at(at), looked_at)) return true;
      return false;
    default:
      return false;
  }
}

bool is_equal(const Item& left, const Item& right, int64_t& looked_at) {
  constexpr size_t bytes_of_step = 64;
  ++looked_at;
  if (left.is_string() && right.is_string())
    looked_at += static_cast<int64_t>(left.text().size() / bytes_of_step);
  if (left.is_same(right)) return true;
  if (left.is_array() && right.is_array()) {
    if (left.size() != right.size()) return false;
    for (size_t at = 0; at < left.size(); ++at)
      if (!is_equal(left.at(at), right.at(at), looked_at)) return false;
    return true;
  }
  return left.is_object() && right.is_object() && is_equal_object(left, right, looked_at);
}

Result<std::string, Fault> to_text(const Item& item, bool is_pretty) {
  if (item.is_string()) return std::string(item.text());
  if (item.is_function()) return std::string();
  if (item.kind() == Item::Kind::number && !std::isfinite(item.number()))
    return Fault("D3001").with("value", number_text(item.number()));
  const List* list = item.list();
  std::string text;
  auto fault = append_json(text, list != nullptr && list->is_outer_wrapper ? item.at(0) : item,
                           is_pretty ? 0 : -1);
  if (fault) return *std::move(fault);
  return text;
}

std::string shown(const Item& item) {
  std::string text;
  if (item.is_undefined()) return "undefined";
  if (append_json(text, item, -1)) return "null";
  return text;
}

Item look_up(Heap& heap, const Item& input, std::string_view name) {
  if (!input.is_array()) return input.member(name);
  auto found = make_sequence(heap);
  collect(heap, input, name, found);
  return found;
}

Item append(Heap& heap, const Item& left, const Item& right) {
  if (left.is_undefined()) return right;
  if (right.is_undefined()) return left;
  auto both = make_list(heap);
  for (const Item* side : {&left, &right}) {
    if (!side->is_array()) {
      both->push(*side);
      continue;
    }
    both->reserve(both->items.size() + side->size());
    for (size_t at = 0; at < side->size(); ++at) both->push(side->at(at));
  }
  return both;
}

bool are_numbers(const Item& array) {
  for (size_t at = 0; at < array.size(); ++at)
    if (!array.at(at).is_number()) return false;
  return true;
}

bool are_texts(const Item& array) {
  for (size_t at = 0; at < array.size(); ++at)
    if (!array.at(at).is_string()) return false;
  return true;
}

}  // namespace pawl::asl::jsonata
