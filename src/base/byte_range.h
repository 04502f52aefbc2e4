#pragma once

#include <cstddef>

namespace pawl {

// A part of a text or of bytes.
struct ByteRange {
  size_t offset = 0, size = 0;
};

}  // namespace pawl
