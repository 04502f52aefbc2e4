#pragma once

#include <array>
#include <string>
#include <string_view>

namespace pawl::arrays {

// Lower-case hexadecimal SHA-256, as base::sha256 has it. By OpenSSL's plain functions, which need
// no start-up: a worker lives for a few milliseconds.
std::string checksum(std::string_view bytes);
std::array<unsigned char, 32> digest_of(std::string_view bytes);

}  // namespace pawl::arrays
