#include "world/clock.h"

#include <cstdio>

namespace pawl::world {

std::string make_uuid(Random& random) {
  const uint64_t high = (random.next() & ~0xf000ull) | 0x4000ull;       // version 4
  const uint64_t low = (random.next() & ~(3ull << 62)) | (1ull << 63);  // variant 1
  char text[37];
  std::snprintf(text, sizeof text, "%08x-%04x-%04x-%04x-%012llx", static_cast<unsigned>(high >> 32),
                static_cast<unsigned>(high >> 16 & 0xffff), static_cast<unsigned>(high & 0xffff),
                static_cast<unsigned>(low >> 48),
                static_cast<unsigned long long>(low & 0xffff'ffff'ffffull));
  return text;
}

}  // namespace pawl::world
