#pragma once

#include <string_view>

#include "asl/jsonata/jsonata.h"
#include "asl/jsonata/signature.h"

namespace pawl::asl::jsonata {

class Answer;
struct Call;

// A function of the library.
struct LibraryRow {
  std::string_view name;
  std::string_view signature;
  uint8_t arity;       // how many arguments a function that takes functions hands to it
  uint8_t parameters;  // how many places the call has
  Answer (*function)(Call& call);
  Signature parsed;
};

// Null where the dialect has no function of that name.
const LibraryRow* find_library(std::string_view name, Dialect dialect);

}  // namespace pawl::asl::jsonata
