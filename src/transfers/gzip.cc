#include "transfers/gzip.h"

#include <zlib.h>

#include "base/check.h"

namespace pawl::transfers {
namespace {

struct Inflation {
  Inflation() {
    constexpr int gzip_only = 16;
    CHECK(inflateInit2(&stream, MAX_WBITS + gzip_only) == Z_OK);
  }
  Inflation(const Inflation&) = delete;
  ~Inflation() { inflateEnd(&stream); }
  z_stream stream{};
};

}  // namespace

bool is_gzip(std::string_view bytes) { return bytes.starts_with("\x1f\x8b"); }

Result<std::string> gunzip(std::string_view bytes, uint64_t bytes_max) {
  Inflation inflation;
  z_stream& stream = inflation.stream;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  stream.avail_in = static_cast<uInt>(bytes.size());
  std::string plain;
  char piece[1 << 16];
  for (;;) {
    stream.next_out = reinterpret_cast<Bytef*>(piece);
    stream.avail_out = sizeof piece;
    const int code = inflate(&stream, Z_NO_FLUSH);
    plain.append(piece, sizeof piece - stream.avail_out);
    if (plain.size() > bytes_max)
      return Error(ErrorCode::limit_exceeded, "the object is too large once it is unpacked");
    if (code == Z_STREAM_END) {
      if (stream.avail_in == 0) return plain;
      // Several members one after another are one text.
      if (inflateReset(&stream) == Z_OK) continue;
    }
    if (code != Z_OK) return Error(ErrorCode::corrupt, "the object is no gzip file that is whole");
  }
}

}  // namespace pawl::transfers
