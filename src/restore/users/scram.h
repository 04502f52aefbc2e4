#pragma once

#include <string>

#include "base/result.h"

namespace pawl::restore {

// The SCRAM-SHA-256 verifier of a password, as PostgreSQL stores it: the server can check a
// password with it, and nobody can log in with it. A new salt every time.
Result<std::string> scram_verifier(const std::string& user, const std::string& password);

}  // namespace pawl::restore
