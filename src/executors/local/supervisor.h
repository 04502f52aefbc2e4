#pragma once

#include <string>

#include "base/time.h"

namespace pawl::executors {

struct SupervisorOptions {
  std::string directory;
  Duration grace = seconds(30);
  Duration idle = seconds(10);  // it ends after so long without a server and without a process
};

// The process whose children the attempts are. It is small, so that it starts processes quickly,
// and knows nothing: it starts what a server tells it to, tells the ends, and keeps them in a
// journal until the server has them too. Servers come and go. Descendants that lose their parent
// become its children, so that none gets away.
//
// One per directory: a lock is held while it runs. Its standard input may be the connection to the
// server that has started it; later ones come through the socket in the directory, and the latest
// is the one that counts. TERM stops all attempts, and then it. Answers an exit status.
int run_supervisor(const SupervisorOptions& options);

}  // namespace pawl::executors
