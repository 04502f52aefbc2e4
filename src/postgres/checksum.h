#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace pawl::postgres {

// A checksum of one of the kinds that backup manifests have, fed in pieces.
class Checksum {
 public:
  // "CRC32C", "SHA224", "SHA256", "SHA384", "SHA512".
  static bool is_known(std::string_view algorithm);

  // REQUIRES: is_known(algorithm).
  explicit Checksum(std::string_view algorithm);
  ~Checksum();
  void update(std::string_view bytes);
  // Of what was fed so far; zero where the algorithm is another.
  uint32_t crc() const { return crc_; }
  // In hexadecimal, as the manifest writes it. Call once.
  std::string finish();

 private:
  struct Digest;
  std::unique_ptr<Digest> digest_;  // none: CRC-32C
  uint32_t crc_ = 0;
};

}  // namespace pawl::postgres
