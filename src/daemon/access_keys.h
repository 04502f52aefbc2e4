#pragma once

#include <string>
#include <vector>

#include "aws/credentials.h"
#include "aws/signature_check.h"
#include "base/result.h"
#include "daemon/config.h"

namespace pawl::daemon {

// One of those who may call the server (docs/configuration.md, "The credentials file").
struct AccessKey {
  std::string owner;
  aws::Credentials credentials;
};

// In the order of their owners' names; never empty. Errors: permission_denied where anyone but us
// may read the file; invalid_argument names what is wrong, never a secret; not_found.
Result<std::vector<AccessKey>> read_access_keys(const std::string& file);
// Those of the configuration's file; empty where it names none.
Result<std::vector<AccessKey>> configured_keys(const Config& config);

aws::KeyRing key_ring(const std::vector<AccessKey>& keys);

}  // namespace pawl::daemon
