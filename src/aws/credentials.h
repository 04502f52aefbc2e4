#pragma once

#include <optional>
#include <string>

namespace pawl::aws {

// What a caller signs its requests with.
struct Credentials {
  std::string access_key_id, secret_access_key;
  std::string session_token = {};  // empty: none
};

// AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN; nothing unless the first two are
// set.
std::optional<Credentials> credentials_of_environment();
// AWS_REGION, AWS_DEFAULT_REGION or the fallback.
std::string region_of_environment(const std::string& fallback);

}  // namespace pawl::aws
