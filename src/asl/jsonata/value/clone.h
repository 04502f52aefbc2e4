#pragma once

#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

// A copy that may be changed. What is within it and comes from outside is copied only when it is
// looked at.
Item clone(Heap& heap, const Item& item);

}  // namespace pawl::asl::jsonata
