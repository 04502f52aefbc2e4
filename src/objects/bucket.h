#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "json/value.h"

namespace pawl::objects {

// Why a bucket did not do it, as S3 says it: a code ("NoSuchKey") to act on, and a message for
// people. A bucket that is a directory speaks the same way.
struct Failure {
  std::string code, message;
  int status = 500;
  std::string request_id = {}, host_id = {};  // of the request that was refused, where it had one
};
template <typename T>
using Outcome = Result<T, Failure>;

Failure no_such_bucket();
Failure no_such_key();

// What is known about an object without its bytes.
struct Object {
  std::string key;
  uint64_t bytes = 0;
  Instant modified;
  std::string etag;  // with its quotes
  std::string storage_class = "STANDARD";
};

// The answer to a request: what the store says about it, by the names that the SDK gives
// ("ETag", "ContentType"), and the bytes of a get.
struct Answer {
  json::Value::Object members;
  std::string bytes;
};

// Some of the bytes of an object, of which the size and the etag say which it was.
struct Piece {
  std::string bytes;
  uint64_t object_bytes = 0;
  std::string etag;
};
struct Span {
  uint64_t offset = 0, bytes_max = 0;
};

struct ListRequest {
  std::string prefix = {}, delimiter = {};
  std::string after = {};  // keys behind this one
  size_t most = 1000;
};
struct Listing {
  std::vector<Object> objects;        // by key
  std::vector<std::string> prefixes;  // common ones, where a delimiter was given
  bool is_truncated = false;
};

// A place where objects are kept by their keys. Any thread; blocks.
class Bucket {
 public:
  virtual ~Bucket() = default;

  // Refused where the object is larger.
  virtual Outcome<Answer> get(const std::string& key, uint64_t bytes_max) = 0;
  // Empty behind the end.
  virtual Outcome<Piece> get_piece(const std::string& key, Span span) = 0;
  virtual Outcome<Answer> head(const std::string& key) = 0;
  // Readers see the old object or the new one, whole.
  virtual Outcome<Answer> put(const std::string& key, std::string_view bytes,
                              const std::string& content_type) = 0;
  // An object that is not there is removed already.
  virtual Outcome<Answer> remove(const std::string& key) = 0;
  virtual Outcome<Listing> list(const ListRequest& request) = 0;
};

}  // namespace pawl::objects
