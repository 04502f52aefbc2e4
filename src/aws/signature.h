#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/time.h"
#include "http/client.h"
#include "http/server.h"

namespace pawl::aws {

// Signature Version 4 (AWS Identity and Access Management User Guide, "AWS Signature Version 4 for
// API requests"). A signature covers method, path, query, some headers and the body:
//
//   Authorization: AWS4-HMAC-SHA256 Credential=<key id>/20261121/us-east-1/states/aws4_request,
//                  SignedHeaders=host;x-amz-date, Signature=<64 hexadecimal digits>

constexpr std::string_view signature_algorithm = "AWS4-HMAC-SHA256";

// What a signature is good for.
struct Scope {
  std::string date, region, service;  // "20261121", "us-east-1", "states"
  std::string text() const;           // "20261121/us-east-1/states/aws4_request"
};

// "20261121T021804Z".
std::string signing_time(Instant instant);

// The request as both sides write it. The names of the headers are lower-case and sorted.
struct Signed {
  std::string_view service;
  const std::vector<std::string>& headers;
  std::string_view body_hash;
};
std::string canonical_request(const http::Request& request, const Signed& what);

// What is signed with the secret: which request, when, for what.
struct Statement {
  std::string_view time;  // "20261121T021804Z"
  const Scope& scope;
  std::string_view canonical_request;
};
std::string signature(std::string_view secret_access_key, const Statement& statement);

// Adds the headers that sign the request, all others of which must be there already. The date of
// the scope is that of `now`.
void sign(http::ClientRequest& request, const Credentials& credentials, Scope scope, Instant now);

}  // namespace pawl::aws
