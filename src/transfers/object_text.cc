#include "transfers/object_text.h"

#include "transfers/causes.h"
#include "transfers/parse_items.h"

namespace pawl::transfers {

asl::Outcome<bool> ObjectText::fetch() {
  constexpr uint64_t piece_bytes = 1 << 20;
  if (cancellation_.is_requested()) return reader_failure("Reading was called off.");
  fetched_.erase(0, std::exchange(taken_, 0));
  auto piece = bucket_.get_piece(key_, {place_.offset + fetched_.size(), piece_bytes});
  if (!piece) return reader_failure(sdk_cause(piece.error(), ""));
  if (place_.etag.empty()) place_.etag = piece->etag;
  if (piece->etag != place_.etag)
    return reader_failure("The object has been changed since its first items were read.");
  object_bytes_ = piece->object_bytes;
  const bool is_cut = piece->bytes.empty() && place_.offset + fetched_.size() < object_bytes_;
  if (is_cut) return reader_failure("The object has ended before its end.");
  fetched_ += piece->bytes;
  return true;
}

void ObjectText::take(size_t bytes) {
  taken_ += bytes;
  place_.offset += bytes;
}

}  // namespace pawl::transfers
