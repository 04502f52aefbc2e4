#pragma once

#include <string>
#include <vector>

namespace pawl::arrays {

// What array runs stand on, as far as its safety goes.
struct Ground {
  std::string volume = {}, bucket = {}, worker = {};  // paths; an empty one is not looked at
  bool is_root = false, has_confinement = true;
};

// A rule of docs/arrays.md that the ground breaks.
struct Breach {
  std::string rule, wrong, why, mend;
};
std::vector<Breach> breaches_of(const Ground& ground);

// Of all rules.
std::vector<std::string> safety_rules();

}  // namespace pawl::arrays
