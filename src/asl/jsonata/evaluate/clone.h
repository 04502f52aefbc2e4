#pragma once

#include "asl/jsonata/value/cells.h"

namespace pawl::asl::jsonata {

// A deep copy that shares nothing which could be changed; functions become empty texts.
Item clone(Heap& heap, const Item& item);

}  // namespace pawl::asl::jsonata
