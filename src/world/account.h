#pragma once

#include <sys/types.h>

#include <string>

#include "base/result.h"

namespace pawl::world {

// An account of this machine.
struct Account {
  uid_t user = 0;
  gid_t group = 0;
  std::string home;
};

Result<Account> resolve_account(const std::string& name);

}  // namespace pawl::world
