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

// Whether a node binds a name in the frame it stands in; those within blocks and functions bind
// in frames of their own.
bool binds_names(const Node& node);

// What is read and not bound within: variables, or functions of the library.
enum class Referred : uint8_t { variables, library };
std::vector<std::string> free_references(const Node& root, Referred what);
std::vector<Expression::Read> context_reads(const Node& root, std::string_view source);

}  // namespace pawl::asl::jsonata
