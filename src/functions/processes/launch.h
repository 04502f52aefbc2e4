#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "functions/processes/definition.h"
#include "functions/processes/family.h"
#include "functions/processes/pythons.h"
#include "functions/processes/shelf.h"
#include "world/file_descriptor.h"

namespace pawl::functions::processes {

// What all processes of functions have in common.
struct Surroundings {
  std::string region, account;
  std::string system_account;  // to run as; the server's own where empty
};

// A process that has been started.
struct Launched {
  Family family;
  // Its own door to the runtime interface, at an address that nobody else is told: so that no
  // process fetches or answers what is another's.
  world::FileDescriptor listener;
  world::FileDescriptor output;  // what it says, on both streams; never blocks
  world::FileDescriptor ended;   // readable once it has ended
};

constexpr std::string_view invalid_entrypoint = "Runtime.InvalidEntrypoint";

// Starts processes of functions, on one thread.
class Launcher {
 public:
  Launcher(const Shelf& shelf, const ControlGroups& groups, const Surroundings& surroundings)
      : shelf_(shelf),
        groups_(groups),
        surroundings_(surroundings),
        pythons_(surroundings.system_account) {}

  // Starts a process of the function, in a session of its own, which the kernel kills with the
  // thread that calls this. Error of the kind invalid_entrypoint: the function's own fault.
  Result<Launched> launch(const Definition& definition);

 private:
  const Shelf& shelf_;
  const ControlGroups& groups_;
  const Surroundings& surroundings_;
  Pythons pythons_;
};

// Which every process of functions of that directory has in its environment.
std::string mark_of(std::string_view directory);

}  // namespace pawl::functions::processes
