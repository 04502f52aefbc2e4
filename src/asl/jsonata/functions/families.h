#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace pawl::asl::jsonata {

class Answer;
struct Call;

// A row as its family writes it down. `parameters` is 0 where it equals the arity.
struct FunctionRow {
  std::string_view name;
  std::string_view signature;
  uint8_t arity;
  Answer (*function)(Call& call);
  uint8_t parameters = 0;
};

std::span<const FunctionRow> aggregate_functions();
std::span<const FunctionRow> text_functions();
std::span<const FunctionRow> pattern_functions();
std::span<const FunctionRow> encoding_functions();
std::span<const FunctionRow> number_functions();
std::span<const FunctionRow> boolean_functions();
std::span<const FunctionRow> higher_functions();
std::span<const FunctionRow> array_functions();
std::span<const FunctionRow> object_functions();
std::span<const FunctionRow> time_functions();
std::span<const FunctionRow> picture_functions();
std::span<const FunctionRow> evaluation_functions();  // not in the dialect of states
std::span<const FunctionRow> states_functions();      // only there

}  // namespace pawl::asl::jsonata
