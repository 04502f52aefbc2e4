#pragma once

#include <span>
#include <string>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

// The server that is called where neither --server nor PAWL_SERVER names one, and what calls are
// signed with, where there is something.
struct OwnServer {
  std::string url = "http://127.0.0.1:8083";
  std::optional<aws::Credentials> credentials = {};
};

// The command line: finds the verb among the rows, reads its options and those that every verb has,
// runs it, prints its error. `words` are the arguments without the program's name. Returns the exit
// code.
int run_program(std::span<const VerbRow> rows, std::vector<std::string> words,
                const OwnServer& own = {});

// The exit code for a verb's result; the error goes to standard error as "pawl: …" and "hint: …".
int conclude(const Terminal& terminal, const Result<int>& result, bool wants_json = false);

}  // namespace pawl::cli
