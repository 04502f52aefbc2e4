#include "objects/percent.h"

namespace pawl::objects {

std::string percent_encoded(std::string_view text, std::string_view kept) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (const char byte : text) {
    const bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                          (byte >= '0' && byte <= '9') ||
                          std::string_view("-._~").find(byte) != std::string_view::npos;
    if (is_plain || kept.find(byte) != kept.npos) {
      encoded += byte;
      continue;
    }
    const auto value = static_cast<unsigned char>(byte);
    encoded += {'%', digits[value >> 4], digits[value & 15]};
  }
  return encoded;
}

}  // namespace pawl::objects
