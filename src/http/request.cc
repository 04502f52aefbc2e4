#include <algorithm>
#include <cctype>

#include "base/text.h"
#include "http/server.h"

namespace pawl::http {
namespace {

bool is_same_name(std::string_view left, std::string_view right) {
  return std::equal(
      left.begin(), left.end(), right.begin(), right.end(),
      [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

std::string_view find(const std::vector<Header>& headers, std::string_view name) {
  for (const Header& header : headers)
    if (is_same_name(header.name, name)) return header.value;
  return {};
}

int digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  const char small = static_cast<char>(character | 0x20);
  return small >= 'a' && small <= 'f' ? small - 'a' + 10 : -1;
}

}  // namespace

std::string_view Request::header(std::string_view name) const { return find(headers, name); }

std::string_view Response::header(std::string_view name) const { return find(headers, name); }

std::string encode_percent(std::string_view text, std::string_view also_kept) {
  constexpr std::string_view kept =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr char digits[] = "0123456789ABCDEF";
  std::string out;
  for (const char character : text) {
    if (kept.find(character) != kept.npos || also_kept.find(character) != also_kept.npos) {
      out += character;
      continue;
    }
    const auto byte = static_cast<unsigned char>(character);
    out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

std::string decode_percent(std::string_view text) {
  std::string out;
  for (size_t at = 0; at < text.size(); ++at) {
    const bool may_escape = text[at] == '%' && at + 2 < text.size();
    const int high = may_escape ? digit(text[at + 1]) : -1;
    const int low = may_escape ? digit(text[at + 2]) : -1;
    if (high < 0 || low < 0) {
      out += text[at];
    } else {
      out += static_cast<char>(high * 16 + low);
      at += 2;
    }
  }
  return out;
}

std::vector<QueryPair> query_pairs(std::string_view query) {
  std::vector<QueryPair> pairs;
  for (const std::string_view pair : split(query, '&')) {
    if (pair.empty()) continue;
    const size_t equals = std::min(pair.find('='), pair.size());
    pairs.push_back({decode_percent(pair.substr(0, equals)),
                     decode_percent(pair.substr(std::min(equals + 1, pair.size())))});
  }
  return pairs;
}

}  // namespace pawl::http
