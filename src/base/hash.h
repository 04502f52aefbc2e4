#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pawl {

// CRC-32C (Castagnoli), the checksum of PostgreSQL's backup manifests. Feed pieces by passing the
// last result as `seed`.
uint32_t crc32c(std::string_view bytes, uint32_t seed = 0);

// Lower-case hexadecimal SHA-256.
std::string sha256(std::string_view bytes);

// SHA-256 of a stream fed in pieces.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  void update(std::string_view bytes);
  // Lower-case hexadecimal. Call once.
  std::string finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// SHA-1, MD5, SHA-224 … SHA-512 by OpenSSL's name ("SHA-1"), in hexadecimal; empty when unknown.
std::string digest(std::string_view algorithm, std::string_view bytes);

// The 32 bytes of HMAC-SHA-256.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
// Takes as long for any two texts of the same length, so that nobody finds a secret by measuring.
bool equal_in_constant_time(std::string_view left, std::string_view right);

std::string hex(std::string_view bytes);
std::string base64(std::string_view bytes);
// False where the text is not base64; padding may be missing.
bool parse_base64(std::string_view text, std::string& bytes);

}  // namespace pawl
