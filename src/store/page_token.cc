#include "store/page_token.h"

#include "base/hash.h"
#include "base/text.h"

namespace pawl::store {
namespace {

std::string seal(std::string_view list, std::string_view key) {
  return sha256(concat(list, "\n", key)).substr(0, 8);
}

}  // namespace

std::string make_page_token(std::string_view list, std::string_view key) {
  return hex(concat(seal(list, key), key));
}

Result<std::string> read_page_token(std::string_view list, std::string_view token) {
  std::string bytes;
  for (size_t at = 0; at + 1 < token.size(); at += 2) {
    unsigned byte = 0;
    const char* end = token.data() + at + 2;
    if (std::from_chars(token.data() + at, end, byte, 16).ptr != end) break;
    bytes += static_cast<char>(byte);
  }
  constexpr size_t seal_size = 8;
  if (bytes.size() >= seal_size && token.size() == 2 * bytes.size()) {
    std::string key = bytes.substr(seal_size);
    if (bytes.substr(0, seal_size) == seal(list, key)) return key;
  }
  return Error(ErrorCode::invalid_argument, "InvalidToken: Invalid Token: 'Invalid token'");
}

}  // namespace pawl::store
