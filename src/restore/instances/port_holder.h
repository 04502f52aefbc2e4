#pragma once

#include <cstdint>
#include <string>

namespace pawl::restore {

// Who listens on a port of this machine, for people: "nginx (process 33, user www-data)", or "a
// program of user www-data" where the process may not be seen. "another program" where the port is
// taken and nobody listens.
std::string port_holder(uint16_t port);

}  // namespace pawl::restore
