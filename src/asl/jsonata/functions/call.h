#pragma once

#include "asl/jsonata/evaluate/run.h"

namespace pawl::asl::jsonata {

// What a function of the library gets: as many arguments as it has parameters, undefined where they
// were left out, of the types that its signature names.
struct Call {
  Run& run;
  Arguments& arguments;
  const Item& input;
  Frame* frame;

  const Item& operator[](size_t index) const { return arguments[index]; }
  bool has(size_t index) const { return !arguments[index].is_undefined(); }
  Heap& heap() const { return run.heap(); }
  Item text(std::string_view content) const { return run.text(content); }
  Failed fail(Fault fault) const { return run.fail(std::move(fault)); }
};

}  // namespace pawl::asl::jsonata
