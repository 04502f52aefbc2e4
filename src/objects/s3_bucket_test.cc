#include "objects/s3_bucket.h"

#include <gmock/gmock.h>

#include <mutex>

#include "base/text.h"
#include "http/server.h"

namespace pawl::objects {
namespace {

using ::testing::HasSubstr;

// A server that answers what it is told to, and keeps what it was asked.
class s3_bucket : public ::testing::Test {
 protected:
  s3_bucket()
      : server_(http::Server::start({},
                                    [this](http::Request request, http::Responder responder) {
                                      const std::lock_guard lock(mutex_);
                                      asked_ = std::move(request);
                                      responder(answer_);
                                    })
                    .value()),
        endpoint_{.url = concat("http://127.0.0.1:", server_->port())} {}

  http::Request asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

  std::mutex mutex_;
  http::Request asked_;
  http::Response answer_;
  std::unique_ptr<http::Server> server_;
  S3Endpoint endpoint_;
};

TEST_F(s3_bucket, puts_an_object_under_its_escaped_key) {
  answer_.headers = {{"ETag", "\"7\""}, {"x-amz-server-side-encryption", "AES256"}};
  const auto answer = S3Bucket(endpoint_, "sales").put("a b/ü.csv", "x,y", "text/csv");
  EXPECT_EQ(json::Value(answer.value().members),
            json::Value::object({{"ETag", "\"7\""}, {"ServerSideEncryption", "AES256"}}));
  EXPECT_EQ(asked().method, "PUT");
  EXPECT_EQ(asked().path, "/sales/a%20b/%C3%BC.csv");
  EXPECT_EQ(asked().body, "x,y");
  EXPECT_EQ(asked().header("Content-Type"), "text/csv");
  EXPECT_EQ(asked().header("Authorization"), "");
}

TEST_F(s3_bucket, signs_where_there_are_credentials) {
  endpoint_.access_key = "AKIDEXAMPLE";
  endpoint_.secret_key = "secret";
  endpoint_.session_token = "token";
  S3Bucket(endpoint_, "sales").get("k", 10).value();
  EXPECT_THAT(std::string(asked().header("Authorization")),
              ::testing::StartsWith("AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/"));
  EXPECT_THAT(std::string(asked().header("Authorization")),
              HasSubstr("/us-east-1/s3/aws4_request"));
  EXPECT_THAT(std::string(asked().header("Authorization")), HasSubstr("x-amz-security-token"));
  EXPECT_EQ(asked().header("X-Amz-Security-Token"), "token");
}

TEST_F(s3_bucket, keeps_the_dots_and_empty_pieces_of_a_key) {
  S3Bucket(endpoint_, "sales").get("../secrets/./a//b", 10).value();
  EXPECT_EQ(asked().path, "/sales/../secrets/./a//b");
}

TEST_F(s3_bucket, lists_with_its_parameters_in_order) {
  answer_.body =
      "<ListBucketResult><IsTruncated>true</IsTruncated><Contents><Key>a/1</Key>"
      "<LastModified>2024-01-01T00:00:00.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
      "<Size>12</Size></Contents><CommonPrefixes><Prefix>a/b/</Prefix></CommonPrefixes>"
      "</ListBucketResult>";
  const Listing listing =
      S3Bucket(endpoint_, "sales").list({.prefix = "a/", .delimiter = "/", .after = "a/0"}).value();
  EXPECT_EQ(asked().path, "/sales");
  EXPECT_EQ(asked().query, "delimiter=%2F&list-type=2&max-keys=1000&prefix=a%2F&start-after=a%2F0");
  EXPECT_TRUE(listing.is_truncated);
  ASSERT_EQ(listing.objects.size(), 1u);
  EXPECT_EQ(listing.objects[0].etag, "\"e\"");
  EXPECT_EQ(listing.objects[0].bytes, 12u);
  EXPECT_EQ(format_instant(listing.objects[0].modified), "2024-01-01T00:00:00.000Z");
  EXPECT_THAT(listing.prefixes, ::testing::ElementsAre("a/b/"));
}

TEST_F(s3_bucket, gives_a_piece_of_an_object) {
  answer_ = {206, {{"ETag", "\"7\""}, {"Content-Range", "bytes 10-12/40"}}, "abc"};
  const Piece piece = S3Bucket(endpoint_, "sales").get_piece("k", {10, 3}).value();
  EXPECT_EQ(asked().header("Range"), "bytes=10-12");
  EXPECT_EQ(piece.bytes, "abc");
  EXPECT_EQ(piece.object_bytes, 40u);
  EXPECT_EQ(piece.etag, "\"7\"");
}

TEST_F(s3_bucket, gives_a_piece_of_what_a_store_without_ranges_sends_whole) {
  answer_.body = "0123456789";
  const Piece piece = S3Bucket(endpoint_, "sales").get_piece("k", {7, 2}).value();
  EXPECT_EQ(piece.bytes, "78");
  EXPECT_EQ(piece.object_bytes, 10u);
}

TEST_F(s3_bucket, says_what_the_store_has_refused) {
  answer_ = {.status = 404,
             .headers = {{"x-amz-request-id", "R1"}, {"x-amz-id-2", "H1"}},
             .body = "<Error><Code>NoSuchBucket</Code><Message>Nowhere</Message></Error>"};
  const auto failure = S3Bucket(endpoint_, "sales").get("k", 10).error();
  EXPECT_EQ(failure.code, "NoSuchBucket");
  EXPECT_EQ(failure.message, "Nowhere");
  EXPECT_EQ(failure.status, 404);
  EXPECT_EQ(failure.request_id, "R1");
  EXPECT_EQ(failure.host_id, "H1");
  answer_ = {.status = 404};
  EXPECT_EQ(S3Bucket(endpoint_, "sales").head("k").error().code, "NoSuchKey");
}

TEST_F(s3_bucket, has_no_status_where_nobody_answers) {
  server_.reset();
  EXPECT_EQ(S3Bucket(endpoint_, "sales").get("k", 10).error().status, 0);
}

}  // namespace
}  // namespace pawl::objects
