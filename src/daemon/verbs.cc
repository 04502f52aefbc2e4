#include "daemon/verbs.h"

namespace pawl::daemon {

std::vector<cli::VerbRow> daemon_verbs() {
  return {
      {"serve", "run the server", serve},
      {"run", "run one execution of a definition, in this process", run},
      {"test", "run definitions against mocked tasks, on a virtual clock", test},
      {"config check", "check a configuration file", config_check},
      {"config show", "show the configuration in force", config_show},
      {"store check", "read a store or a backup whole, and tell what is damaged", store_check},
      {"store reindex", "make the indexes of a store anew, and check it", store_reindex},
      {"store backup", "copy the store into a file, while a server runs or not", store_backup},
      {"store restore", "put the store of a backup in its place", store_restore},
      {"endpoint", "lead connections to the instance that serves a cluster", endpoint, true},
      {"supervise", "run the attempts of jobs on this machine", supervise, true},
  };
}

}  // namespace pawl::daemon
