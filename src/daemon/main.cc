#include <signal.h>

#include "cli/program.h"
#include "cli/verbs.h"
#include "daemon/own_server.h"
#include "daemon/verbs.h"

int main(int count, char** words) {
  // A reader that goes away, as in `pawl … | head`, or a client that hangs up, is an error of one
  // write and not the end of the program.
  signal(SIGPIPE, SIG_IGN);
  auto rows = pawl::daemon::daemon_verbs();
  for (auto& row : pawl::cli::client_verbs()) rows.push_back(row);
  return pawl::cli::run_program(rows, {words + 1, words + count}, pawl::daemon::own_server());
}
