#include "aws/signature.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "aws/service_error.h"
#include "aws/signature_check.h"
#include "base/hash.h"
#include "base/text.h"

namespace pawl::aws {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// The keys and the moment of the service's own examples.
const Credentials example{"AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"};
const Instant moment = *parse_instant("2015-08-30T12:36:00Z");

std::string header(const http::ClientRequest& request, std::string_view name) {
  for (const auto& header : request.headers)
    if (header.name == name) return header.value;
  return {};
}

std::string signed_for(http::ClientRequest request, std::string_view service = "service") {
  sign(request, example, {{}, "us-east-1", std::string(service)}, moment);
  const std::string authorization = header(request, "Authorization");
  return authorization.substr(authorization.rfind('=') + 1);
}

struct Vector {
  std::string_view name;
  http::ClientRequest request;
  std::string_view signature;
};

TEST(signature, is_that_of_the_published_vectors) {
  const std::string place = "http://example.amazonaws.com";
  const Vector vectors[] = {
      {"get-vanilla",
       {.url = place + "/"},
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-vanilla-query-order-key-case",
       {.url = place + "/?Param2=value2&Param1=value1"},
       "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"},
      {"get-utf8",
       {.url = place + "/%E1%88%B4"},
       "697b34846207a3f72246f99d74ae1ee4fe54f44bb06730c58a0d339eb079596d"},
      {"get-relative-relative",
       {.url = place + "/example1/example2/../.."},
       "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"},
      {"get-slashes",
       {.url = place + "//example//"},
       "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"},
      {"get-space",
       {.url = place + "/example%20space/"},
       "446b817944c553435b35e813c261ff4e161fff982d1bacdef1c87f6785dd1662"},
      {"get-vanilla-query-unreserved",
       {.url = place + "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz=-._~"
                       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"},
       "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"},
      {"get-header-value-trim",
       {.url = place + "/",
        .headers = {{"My-Header1", R"( value1)"}, {"My-Header2", R"( "a   b   c")"}}},
       "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"},
      {"post-vanilla",
       {.method = "POST", .url = place + "/"},
       "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"},
      {"post-header-key-sort",
       {.method = "POST", .url = place + "/", .headers = {{"My-Header1", R"(value1)"}}},
       "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"},
      {"post-x-www-form-urlencoded",
       {.method = "POST",
        .url = place + "/",
        .headers = {{"Content-Type", R"(application/x-www-form-urlencoded)"}},
        .body = "Param1=value1"},
       "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"},
      {"lambda arn in the path",
       {.method = "POST",
        .url = place + "/2015-03-31/functions/"
                       "arn%3Aaws%3Alambda%3Aus-east-1%3A000000000000%3Afunction%3Af/invocations",
        .body = "{}"},
       "283f48065965b31ad206d1b0c9d0195012d17cbf889f1d45f712686cda8f7747"},
  };
  for (const auto& [name, request, signature] : vectors)
    EXPECT_EQ(signed_for(request), signature) << name;
}

TEST(signature, is_that_of_the_user_guide) {
  EXPECT_EQ(signed_for(
                {.url = "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
                 .headers = {{"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}}},
                "iam"),
            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(signature, is_that_of_the_guide_to_s3) {
  const Credentials keys{"AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"};
  const auto signed_for_s3 = [&](http::ClientRequest request) {
    request.url = "https://examplebucket.s3.amazonaws.com" + request.url;
    sign(request, keys, {{}, "us-east-1", "s3"}, *parse_instant("2013-05-24T00:00:00Z"));
    return header(request, "Authorization");
  };
  EXPECT_EQ(signed_for_s3({.url = "/test.txt", .headers = {{"Range", "bytes=0-9"}}}),
            "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
            "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
            "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41");
  EXPECT_THAT(signed_for_s3({.method = "PUT",
                             .url = "/test%24file.text",
                             .headers = {{"Date", "Fri, 24 May 2013 00:00:00 GMT"},
                                         {"x-amz-storage-class", "REDUCED_REDUNDANCY"}},
                             .body = "Welcome to Amazon S3."}),
              HasSubstr("=98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"));
  EXPECT_THAT(signed_for_s3({.url = "/?max-keys=2&prefix=J"}),
              HasSubstr("=34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"));
  EXPECT_NE(signed_for_s3({.url = "/a//b"}), signed_for_s3({.url = "/a/b"}));
}

TEST(signature, covers_the_session_token) {
  http::ClientRequest request{.url = "http://h/"};
  Credentials temporary = example;
  temporary.session_token = "token";
  sign(request, temporary, {{}, "r", "s"}, moment);
  EXPECT_EQ(header(request, "X-Amz-Security-Token"), "token");
  EXPECT_THAT(header(request, "Authorization"),
              HasSubstr("SignedHeaders=host;x-amz-date;x-amz-security-token"));
}

// A request as the server has received it, signed by the example's key.
class check : public ::testing::Test {
 protected:
  check() {
    http::ClientRequest sent{.method = "POST",
                             .url = "http://127.0.0.1:8083/",
                             .headers = {{"X-Amz-Target", "AWSStepFunctions.ListActivities"}},
                             .body = "{}"};
    sign(sent, example, {{}, "us-east-1", "states"}, moment);
    request_ = {"POST", "/", "", sent.headers, sent.body};
    request_.headers.push_back({"Host", "127.0.0.1:8083"});
  }

  std::string& header(std::string_view name) {
    for (auto& header : request_.headers)
      if (header.name == name) return header.value;
    request_.headers.push_back({std::string(name), {}});
    return request_.headers.back().value;
  }
  std::string answer(Duration later = {}) {
    const auto checked = check_signature(request_, keys_, moment + later);
    return checked ? "taken" : checked.error().message();
  }

  http::Request request_;
  KeyRing keys_{{example.access_key_id, example.secret_access_key}, {"OTHER", "another secret"}};
};

TEST_F(check, takes_what_was_signed) { EXPECT_EQ(answer(), "taken"); }

TEST_F(check, takes_a_request_again_while_the_clocks_may_differ) {
  EXPECT_EQ(answer(minutes(5)), "taken");
  EXPECT_EQ(answer(-minutes(5)), "taken");
  EXPECT_EQ(answer(minutes(5) + seconds(1)),
            "InvalidSignatureException: Signature expired: 20150830T123600Z is now earlier than "
            "20150830T123601Z (20150830T124101Z - 5 min.)");
  EXPECT_THAT(answer(-minutes(5) - seconds(1)),
              StartsWith("InvalidSignatureException: Signature not yet current: "));
}

TEST_F(check, refuses_whatever_was_altered) {
  const auto taken = request_;
  const auto refuses = [&](std::string_view what) {
    EXPECT_THAT(answer(), StartsWith("InvalidSignatureException: The request signature")) << what;
    request_ = taken;
  };
  request_.body = "{ }";
  refuses("body");
  request_.method = "GET";
  refuses("method");
  request_.path = "/x";
  refuses("path");
  request_.query = "a=b";
  refuses("query");
  header("X-Amz-Target") = "AWSStepFunctions.DeleteActivity";
  refuses("operation");
  header("X-Amz-Date") = "20150830T123601Z";
  refuses("time");
  std::string& signature = header("Authorization");
  signature.back() = signature.back() == '0' ? '1' : '0';
  refuses("signature");
  signature = replace_all(header("Authorization"), "AKIDEXAMPLE", "OTHER");
  refuses("key");
  header("Authorization") = replace_all(header("Authorization"), "us-east-1", "us-west-2");
  refuses("region");
}

TEST_F(check, refuses_headers_that_say_something_and_are_not_signed) {
  header("X-Amz-Other") = "1";
  EXPECT_THAT(answer(), HasSubstr("'x-amz-other' must be a 'SignedHeader'"));
  header("Authorization") = replace_all(header("Authorization"), "host;", "");
  EXPECT_THAT(answer(), HasSubstr("'Host' or ':authority' must be a 'SignedHeader'"));
}

TEST_F(check, refuses_unknown_keys_and_tokens_of_elsewhere) {
  header("Authorization") = replace_all(header("Authorization"), "AKIDEXAMPLE", "NOBODY");
  const std::string unrecognized =
      "UnrecognizedClientException: The security token included in the request is invalid.";
  EXPECT_EQ(answer(), unrecognized);
  header("Authorization") = replace_all(header("Authorization"), "NOBODY", "AKIDEXAMPLE");
  header("X-Amz-Security-Token") = "token";
  EXPECT_EQ(answer(), unrecognized);
}

TEST_F(check, says_what_a_signature_lacks) {
  const std::string whole = header("Authorization");
  header("Authorization") = "";
  EXPECT_EQ(answer(), "MissingAuthenticationTokenException: Missing Authentication Token");
  header("Authorization") = "Bearer of-a-token";
  EXPECT_THAT(answer(), StartsWith("IncompleteSignatureException: Authorization header requires "
                                   "'Credential' parameter. "));
  header("Authorization") = whole.substr(0, whole.find(", Signature="));
  EXPECT_EQ(answer(),
            "IncompleteSignatureException: Authorization header requires 'Signature' parameter.");
  header("Authorization") = replace_all(whole, "/aws4_request", "");
  EXPECT_THAT(answer(), StartsWith("IncompleteSignatureException: Credential must have exactly 5"));
  header("Authorization") = replace_all(whole, "aws4_request", "aws5_request");
  EXPECT_THAT(answer(), HasSubstr("valid terminator"));
  header("Authorization") = replace_all(whole, "/20150830/", "/20150831/");
  EXPECT_THAT(answer(), HasSubstr("'20150831' != '20150830'"));
  header("Authorization") = whole;
  header("X-Amz-Date") = "yesterday";
  EXPECT_THAT(answer(), HasSubstr("Got 'yesterday'"));
  header("X-Amz-Date") = "";
  EXPECT_THAT(answer(), HasSubstr("either a 'X-Amz-Date' or a 'Date' header"));
}

TEST_F(check, its_refusals_are_errors_of_the_service) {
  header("Authorization") = "";
  const auto error = service_error(check_signature(request_, keys_, moment).error());
  EXPECT_EQ(error.code, "MissingAuthenticationTokenException");
  EXPECT_EQ(error.http_status, 400);
}

}  // namespace
}  // namespace pawl::aws
