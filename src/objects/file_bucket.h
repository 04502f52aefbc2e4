#pragma once

#include <optional>

#include "objects/bucket.h"

namespace pawl::objects {

// A bucket that is a directory: the object "2026/orders.csv" is the file orders.csv in its folder
// 2026. What a key has that a path cannot is written as %XX (path_of_key); an object cannot lie
// below another one. Links to files are followed, those to directories never. Content types and
// metadata are not kept.
class FileBucket : public Bucket {
 public:
  explicit FileBucket(std::string directory) : directory_(std::move(directory)) {}

  Outcome<Answer> get(const std::string& key, uint64_t bytes_max) override;
  Outcome<Piece> get_piece(const std::string& key, Span span) override;
  Outcome<Answer> head(const std::string& key) override;
  Outcome<Answer> put(const std::string& key, std::string_view bytes,
                      const std::string& content_type) override;
  Outcome<Answer> remove(const std::string& key) override;
  Outcome<Listing> list(const ListRequest& request) override;

 private:
  Outcome<std::string> path_of(const std::string& key) const;
  // What lies where a folder of the key would have to be, and is none.
  std::optional<std::string> obstacle(const std::string& key) const;
  Outcome<Object> find(const std::string& key) const;
  // Whether an object may be put there.
  Outcome<bool> check_free(const std::string& key) const;

  const std::string directory_;
};

// The file of a key below its bucket's directory, and the key of a file. Every key has one, and it
// lies within the directory: a leading dot, an empty piece and % itself are escaped, and the name
// of what a crash leaves behind.
std::string path_of_key(std::string_view key);
std::string key_of_path(std::string_view path);

}  // namespace pawl::objects
