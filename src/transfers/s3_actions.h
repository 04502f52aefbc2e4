#pragma once

#include <string>
#include <string_view>

#include "asl/failure.h"
#include "objects/buckets.h"

namespace pawl::transfers {

// The actions of S3 that a Task may call as arn:aws:states:::aws-sdk:s3:<action>.

bool is_s3_action(std::string_view resource);

struct S3Call {
  std::string resource;
  json::Value parameters;
  std::string request_id;
};
// Failure: "S3.NoSuchKeyException" and the like; Pawl.UnsupportedAction, naming it.
asl::Outcome<json::Value> call_s3(const objects::Buckets& buckets, const S3Call& call);

}  // namespace pawl::transfers
