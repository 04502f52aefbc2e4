#pragma once

#include <memory>
#include <string>

#include "asl/jsonata/fault.h"
#include "asl/jsonata/tree/names.h"
#include "asl/jsonata/tree/node.h"

namespace pawl::asl::jsonata {

// A compiled expression.
struct Expression::Program {
  std::string source;
  Dialect dialect = Dialect::plain;
  Tree tree;
  Names names;
};

// Parses and shapes `source` into `tree`, with the functions of the library in their places.
std::optional<Fault> compile_into(std::string_view source, Dialect dialect, Tree& tree,
                                  Names& names);

std::vector<std::string> free_references(const Node& root, const Names& names);

}  // namespace pawl::asl::jsonata
