#include "postgres/checksum.h"

#include <openssl/evp.h>

#include "base/check.h"
#include "base/hash.h"
#include "postgres/manifest.h"

namespace pawl::postgres {

struct Checksum::Digest {
  EVP_MD_CTX* state = EVP_MD_CTX_new();
  ~Digest() { EVP_MD_CTX_free(state); }
};

bool Checksum::is_known(std::string_view algorithm) {
  return algorithm == "CRC32C" || algorithm == "SHA224" || algorithm == "SHA256" ||
         algorithm == "SHA384" || algorithm == "SHA512";
}

Checksum::Checksum(std::string_view algorithm) {
  CHECK(is_known(algorithm));
  if (algorithm == "CRC32C") return;
  digest_ = std::make_unique<Digest>();
  const EVP_MD* method = EVP_get_digestbyname(std::string(algorithm).c_str());
  CHECK(method != nullptr && EVP_DigestInit_ex(digest_->state, method, nullptr) == 1);
}

Checksum::~Checksum() = default;

void Checksum::update(std::string_view bytes) {
  if (digest_ == nullptr) {
    crc_ = crc32c(bytes, crc_);
  } else {
    CHECK(EVP_DigestUpdate(digest_->state, bytes.data(), bytes.size()) == 1);
  }
}

std::string Checksum::finish() {
  if (digest_ == nullptr) return manifest_crc32c(crc_);
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(digest_->state, bytes, &size) == 1);
  return hex({reinterpret_cast<const char*>(bytes), size});
}

}  // namespace pawl::postgres
