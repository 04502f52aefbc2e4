#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "objects/bucket.h"
#include "objects/s3_bucket.h"

namespace pawl::objects {

struct Settings {
  std::string directory = {};                           // each folder in it is a bucket
  std::map<std::string, std::string> directories = {};  // of buckets that lie elsewhere
  S3Endpoint s3 = {};  // asked for all others; no url: there are none
};

// 3 to 63 small letters, digits, dots and hyphens, a letter or a digit at both ends.
bool is_bucket_name(std::string_view name);

// Finds a bucket by its name: a directory that is named for it, a folder, or one at the endpoint.
class Buckets {
 public:
  explicit Buckets(Settings settings) : settings_(std::move(settings)) {}

  // A bucket at an endpoint is asked for only when it is used.
  Outcome<std::unique_ptr<Bucket>> find(const std::string& name) const;
  struct Named {
    std::string name;
    Instant created;
  };
  Outcome<std::vector<Named>> list() const;
  // A folder, or one at the endpoint where there is one.
  Outcome<Answer> create(const std::string& name) const;

 private:
  const Settings settings_;
};

}  // namespace pawl::objects
