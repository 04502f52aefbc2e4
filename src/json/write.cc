#include "json/write.h"

#include <charconv>
#include <cmath>

#include "base/utf8.h"

namespace pawl::json {
namespace {

// Reals keep a mark of being one: 2.0 is written "2.0". JSON has no infinity, so null stands in.
void append_real(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  const std::string_view text(digits, static_cast<size_t>(end.ptr - digits));
  const auto exponent = text.find('e');
  if (exponent != text.npos) {
    out.append(text.substr(0, exponent));
    if (text.substr(0, exponent).find('.') == text.npos) out += ".0";
    out += 'E';
    auto power = text.substr(exponent + 1);
    if (power[0] == '-') out += '-';
    power.remove_prefix(1);
    while (power.size() > 1 && power[0] == '0') power.remove_prefix(1);
    out.append(power);
    return;
  }
  out.append(text);
  if (text.find('.') == text.npos) out += ".0";
}

void append_integer(std::string& out, int64_t value) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value);
  out.append(digits, end.ptr);
}

void break_line(std::string& out, int indent) {
  if (indent < 0) return;
  out += '\n';
  out.append(static_cast<size_t>(indent) * 2, ' ');
}

// A negative indent writes everything on one line.
void append_indented(std::string& out, const Value& value, int indent) {
  const int inner = indent < 0 ? indent : indent + 1;
  switch (value.kind()) {
    case Kind::null:
      out += "null";
      return;
    case Kind::boolean:
      out += value.boolean() ? "true" : "false";
      return;
    case Kind::integer:
      append_integer(out, value.integer());
      return;
    case Kind::real:
      append_real(out, value.real());
      return;
    case Kind::string:
      append_string(out, value.string());
      return;
    default:
      break;
  }
  const bool is_array = value.is_array();
  out += is_array ? '[' : '{';
  bool first = true;
  const auto separate = [&] {
    if (!first) out += ',';
    first = false;
    break_line(out, inner);
  };
  if (is_array) {
    for (const auto& element : value.elements()) {
      separate();
      append_indented(out, element, inner);
    }
  } else {
    for (const auto& member : value.members()) {
      separate();
      append_string(out, member.name);
      out += indent < 0 ? ":" : ": ";
      append_indented(out, member.value, inner);
    }
  }
  if (!first) break_line(out, indent);
  out += is_array ? ']' : '}';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  constexpr char hex[] = "0123456789abcdef";
  const size_t begin = out.size();
  unsigned char all_bits = 0;
  out += '"';
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    all_bits |= byte;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\b':
        out += "\\b";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        if (byte < 0x20) {
          out += "\\u00";
          out += hex[byte >> 4];
          out += hex[byte & 15];
        } else {
          out += c;
        }
    }
  }
  out += '"';
  if (all_bits < 0x80 || is_all_utf8(text)) return;
  out.resize(begin);
  append_string(out, with_replacements(text));
}

void append(std::string& out, const Value& value) { append_indented(out, value, -1); }

std::string write(const Value& value) {
  std::string out;
  append(out, value);
  return out;
}

std::string write_pretty(const Value& value) {
  std::string out;
  append_indented(out, value, 0);
  return out;
}

}  // namespace pawl::json
