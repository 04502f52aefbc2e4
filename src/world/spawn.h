#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "world/file_descriptor.h"
#include "world/processes.h"

namespace pawl::world {

// The standard streams of a new process.
struct Streams {
  FileDescriptor input, output, errors;
};

// What a program reads: its input, or nothing. A file in memory, so that a program that does not
// read cannot block us.
Result<FileDescriptor> input_of(const Program& program);

enum class Leads { group, session };

// Starts the program at the head of a process group or session of its own, with default signals,
// and with no descriptor of ours but the streams. The caller reaps it.
Result<pid_t> spawn(const Program& program, const Streams& streams, Leads leads);

}  // namespace pawl::world
