#include <cstdio>

#include "slurm_cluster.h"

// A cluster for tests that are not in C++: writes the path of its slurm.conf, or what is missing
// here, and goes away when its input ends.
int main() {
  using pawl::executors::SlurmCluster;
  if (const std::string missing = SlurmCluster::missing(); !missing.empty()) {
    std::fprintf(stdout, "%s\n", missing.c_str());
    return 1;
  }
  const SlurmCluster cluster;
  std::fprintf(stdout, "%s\n", cluster.configuration_file().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
}
