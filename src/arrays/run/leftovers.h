#pragma once

#include <string>
#include <vector>

#include "arrays/run/run.h"
#include "arrays/services.h"
#include "base/result.h"

namespace pawl::arrays {

// What there is of a run. A path is empty where there is nothing.
struct Leftover {
  Run run;
  std::string directory;           // on the volume, also of one that is half removed
  std::string results;             // in its bucket
  std::vector<std::string> parts;  // of the results, all that a run makes there: run.json is last
  std::vector<std::string> logs;   // a folder for each of its jobs
  std::string open;                // why nothing may be removed; empty: it has ended
};

// Of all runs that the volume, or a bucket that is a directory, has a run.json of: by that they are
// told from whatever else is there. Results of a run that was never checked have none.
Result<std::vector<Leftover>> find_leftovers(const Services& services);

// As it is now, and in words.
Result<std::string> why_open(const Services& services, const Run& run);

}  // namespace pawl::arrays
