#include "base/hash.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstring>

#include "base/check.h"

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace pawl {
namespace {

constexpr std::array<uint32_t, 256> make_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t byte = 0; byte < 256; ++byte) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? 0x82f63b78u : 0);
    table[byte] = crc;
  }
  return table;
}

uint32_t crc32c_by_table(std::string_view bytes, uint32_t crc) {
  static constexpr auto table = make_table();
  for (unsigned char byte : bytes) crc = (crc >> 8) ^ table[(crc ^ byte) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) uint32_t crc32c_by_processor(std::string_view bytes,
                                                               uint32_t seed) {
  uint64_t crc = seed;
  while (bytes.size() >= 8) {
    uint64_t word;
    std::memcpy(&word, bytes.data(), 8);
    crc = _mm_crc32_u64(crc, word);
    bytes.remove_prefix(8);
  }
  auto rest = static_cast<uint32_t>(crc);
  for (unsigned char byte : bytes) rest = _mm_crc32_u8(rest, byte);
  return rest;
}
#endif

}  // namespace

uint32_t crc32c(std::string_view bytes, uint32_t seed) {
#if defined(__x86_64__)
  static const bool has_instruction = __builtin_cpu_supports("sse4.2");
  if (has_instruction) return ~crc32c_by_processor(bytes, ~seed);
#endif
  return ~crc32c_by_table(bytes, ~seed);
}

struct Sha256::State {
  EVP_MD_CTX* context = EVP_MD_CTX_new();
  ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  CHECK(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::~Sha256() = default;

void Sha256::update(std::string_view bytes) {
  CHECK(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

std::string Sha256::finish() {
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(EVP_DigestFinal_ex(state_->context, bytes, &size) == 1);
  return hex({reinterpret_cast<const char*>(bytes), size});
}

namespace {

std::string digest_by(const EVP_MD* method, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  CHECK(EVP_Digest(bytes.data(), bytes.size(), out, &size, method, nullptr) == 1);
  return hex({reinterpret_cast<const char*>(out), size});
}

}  // namespace

std::string sha256(std::string_view bytes) {
  // To find it among the providers takes longer than to hash a short text.
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA-256", nullptr);
  CHECK(method != nullptr);
  return digest_by(method, bytes);
}

std::string digest(std::string_view algorithm, std::string_view bytes) {
  const EVP_MD* method = EVP_get_digestbyname(std::string(algorithm).c_str());
  return method == nullptr ? std::string() : digest_by(method, bytes);
}

std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  unsigned char out[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  const auto* made =
      HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()),
           reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size(), out, &size);
  CHECK(made != nullptr);
  return {reinterpret_cast<const char*>(out), size};
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

std::string hex(std::string_view bytes) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (unsigned char byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

std::string base64(std::string_view bytes) {
  std::string out((bytes.size() + 2) / 3 * 4, '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                  reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return out;
}

bool parse_base64(std::string_view text, std::string& bytes) {
  std::string padded(text);
  while (padded.size() % 4 != 0) padded += '=';
  const size_t padding = padded.empty() ? 0 : padded.size() - 1 - padded.find_last_not_of('=');
  if (padding > 2) return false;
  bytes.resize(padded.size() / 4 * 3);
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(padded.data()),
                                   static_cast<int>(padded.size()));
  if (size < 0) return false;
  bytes.resize(static_cast<size_t>(size) - padding);
  return true;
}

}  // namespace pawl
