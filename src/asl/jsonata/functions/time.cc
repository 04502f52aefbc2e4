#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
namespace pawl::asl::jsonata {
std::span<const FunctionRow> time_functions() { return {}; }
std::span<const FunctionRow> picture_functions() { return {}; }
}  // namespace pawl::asl::jsonata
