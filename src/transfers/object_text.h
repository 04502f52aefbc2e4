#pragma once

#include <string>
#include <string_view>

#include "asl/failure.h"
#include "objects/bucket.h"
#include "world/cancellation.h"

namespace pawl::transfers {

// The text of an object that is read from a place on, piece by piece. It must be the same object
// from the first piece to the last. Failure: States.ItemReaderFailed.
class ObjectText {
 public:
  struct Place {
    uint64_t offset = 0;
    std::string etag;  // of the object as it was read before; empty: it was not
  };
  // Nothing more is fetched once it is cancelled.
  ObjectText(objects::Bucket& bucket, const world::Cancellation& cancellation, std::string key,
             Place place)
      : bucket_(bucket),
        cancellation_(cancellation),
        key_(std::move(key)),
        place_(std::move(place)) {}

  // What has been fetched and not been taken.
  std::string_view ahead() const { return std::string_view(fetched_).substr(taken_); }
  // Whether nothing comes behind it. REQUIRES: something was fetched.
  bool is_all() const { return place_.offset + ahead().size() >= object_bytes_; }
  // Fetches what comes behind it.
  asl::Outcome<bool> fetch();
  void take(size_t bytes);

  // Where what is ahead begins.
  const Place& place() const { return place_; }

 private:
  objects::Bucket& bucket_;
  const world::Cancellation& cancellation_;
  const std::string key_;
  Place place_;
  std::string fetched_;
  size_t taken_ = 0;
  uint64_t object_bytes_ = 0;
};

}  // namespace pawl::transfers
