#pragma once

#include "cli/program.h"

namespace pawl::daemon {

// Where this program's own calls go, and what they are signed with: the environment's credentials,
// else the first key of the configuration. What PAWL_CONFIG and PAWL_LISTEN say to a server they
// say to its clients, too, as far as it can be read.
cli::OwnServer own_server();

}  // namespace pawl::daemon
