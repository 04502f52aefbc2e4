#pragma once

#include <optional>

#include "http/client.h"
#include "objects/bucket.h"

namespace pawl::objects {

// A store that speaks the S3 protocol, path style. Requests are signed where there are credentials.
struct S3Endpoint {
  std::string url = {};  // "http://127.0.0.1:9000"; empty: there is none
  std::string region = "us-east-1";
  std::string access_key = {}, secret_key = {}, session_token = {};
  Duration limit = seconds(60);
};

class S3Bucket : public Bucket {
 public:
  S3Bucket(const S3Endpoint& endpoint, std::string name)
      : endpoint_(endpoint), name_(std::move(name)) {}

  Outcome<Answer> get(const std::string& key, uint64_t bytes_max) override;
  Outcome<Piece> get_piece(const std::string& key, Span span) override;
  Outcome<Answer> head(const std::string& key) override;
  Outcome<Answer> put(const std::string& key, std::string_view bytes,
                      const std::string& content_type) override;
  Outcome<Answer> remove(const std::string& key) override;
  Outcome<Listing> list(const ListRequest& request) override;

 private:
  std::string path_of(const std::string& key) const;

  const S3Endpoint& endpoint_;
  const std::string name_;
};

// One request; `path` is percent-encoded and begins with a slash. A status of 300 and more is a
// failure.
struct S3Request {
  std::string method, path, query = {};
  std::string_view body = {};
  std::string content_type = {};
  std::string range = {};  // "bytes=0-99"
};
Outcome<http::Response> ask(const S3Endpoint& endpoint, const S3Request& request);

// What the headers of an answer say, by the names that the SDK gives.
json::Value::Object members_of(const http::Response& response);

}  // namespace pawl::objects
