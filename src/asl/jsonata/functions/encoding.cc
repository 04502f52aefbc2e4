#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "asl/jsonata/text/utf8.h"
#include "base/hash.h"

namespace pawl::asl::jsonata {
namespace {

constexpr std::string_view unreserved =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.!~*'()";
constexpr std::string_view reserved = ";/?:@&=+$,#";

Fault malformed(std::string_view function, std::string_view text) {
  return Fault("D3140").with_text("value", text).with_text("functionName", function);
}

// Texts of base64 functions are bytes: a character is one, and one beyond 255 keeps its low byte.
std::string latin1(std::string_view text) {
  std::string bytes;
  for (size_t at = 0; at < text.size();)
    bytes += static_cast<char>(next_character(text, at) & 0xFF);
  return bytes;
}

Answer base64encode(Call& call) {
  if (!call.has(0)) return Item();
  return call.text(base64(latin1(call[0].text())));
}

Answer base64decode(Call& call) {
  if (!call.has(0)) return Item();
  // Whatever is no digit of base64 is left out, as Node does it; "-" and "_" are those of URLs.
  std::string digits;
  for (const char c : call[0].text()) {
    if (c == '=') break;
    const char digit = c == '-' ? '+' : c == '_' ? '/' : c;
    const bool is_digit = (digit >= '0' && digit <= '9') || (digit >= 'A' && digit <= 'Z') ||
                          (digit >= 'a' && digit <= 'z') || digit == '+' || digit == '/';
    if (is_digit) digits += digit;
  }
  if (digits.size() % 4 == 1) digits.pop_back();
  while (digits.size() % 4 != 0)
    digits += digits.size() % 4 == 2 && digits.back() != '=' ? "==" : "=";
  std::string bytes, text;
  if (!parse_base64(digits, bytes)) return call.text("");
  for (const char byte : bytes) append_character(text, static_cast<unsigned char>(byte));
  return call.text(text);
}

Answer encode(Call& call, std::string_view function, bool keeps_reserved) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  std::string out;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    if (is_surrogate(next_character(text, at))) return call.fail(malformed(function, text));
    for (const char c : text.substr(begin, at - begin)) {
      const bool is_kept = unreserved.find(c) != unreserved.npos ||
                           (keeps_reserved && reserved.find(c) != reserved.npos);
      if (is_kept) {
        out += c;
      } else {
        constexpr std::string_view digits = "0123456789ABCDEF";
        out += '%';
        out += digits[static_cast<unsigned char>(c) >> 4];
        out += digits[static_cast<unsigned char>(c) & 15];
      }
    }
  }
  return call.text(out);
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// The byte that "%XX" stands for, or -1.
int escaped_byte(std::string_view text, size_t at) {
  if (at + 2 >= text.size() || text[at] != '%') return -1;
  const int high = hex_digit(text[at + 1]), low = hex_digit(text[at + 2]);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

size_t sequence_size(int lead) {
  if (lead < 0x80) return 1;
  return lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
}

Answer decode(Call& call, std::string_view function, bool keeps_reserved) {
  if (!call.has(0)) return Item();
  const std::string_view text = call[0].text();
  std::string out;
  for (size_t at = 0; at < text.size();) {
    if (text[at] != '%') {
      out += text[at++];
      continue;
    }
    const int lead = escaped_byte(text, at);
    const size_t size = lead < 0 ? 0 : sequence_size(lead);
    if (size == 0) return call.fail(malformed(function, text));
    std::string character;
    for (size_t index = 0; index < size; ++index) {
      const int byte = escaped_byte(text, at + 3 * index);
      if (byte < 0) return call.fail(malformed(function, text));
      character += static_cast<char>(byte);
    }
    size_t end = 0;
    if (character_size(character, 0) != size || is_surrogate(next_character(character, end)))
      return call.fail(malformed(function, text));
    const bool stays = keeps_reserved && reserved.find(character) != reserved.npos;
    out += stays ? text.substr(at, 3) : std::string_view(character);
    at += 3 * size;
  }
  return call.text(out);
}

Answer encode_url_component(Call& call) { return encode(call, "encodeUrlComponent", false); }
Answer encode_url(Call& call) { return encode(call, "encodeUrl", true); }
Answer decode_url_component(Call& call) { return decode(call, "decodeUrlComponent", false); }
Answer decode_url(Call& call) { return decode(call, "decodeUrl", true); }

}  // namespace

std::span<const FunctionRow> encoding_functions() {
  static constexpr FunctionRow rows[] = {
      {"base64encode", "<s-:s>", 1, base64encode},
      {"base64decode", "<s-:s>", 1, base64decode},
      {"encodeUrlComponent", "<s-:s>", 1, encode_url_component},
      {"encodeUrl", "<s-:s>", 1, encode_url},
      {"decodeUrlComponent", "<s-:s>", 1, decode_url_component},
      {"decodeUrl", "<s-:s>", 1, decode_url},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
