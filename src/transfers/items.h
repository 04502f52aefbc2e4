#pragma once

#include "asl/failure.h"
#include "objects/buckets.h"
#include "world/cancellation.h"

namespace pawl::transfers {

// The items of a distributed Map, as its ItemReader asks for them (the request that the execution
// room makes): the rows of a CSV object, the elements of a JSON array, the lines of JSON Lines, the
// objects that an inventory lists, or a listing of a bucket. An array of all of them; a window of
// them (window.h) where they are rows or lines. Failure: States.ItemReaderFailed.
asl::Outcome<json::Value> read_items(const objects::Buckets& buckets, const json::Value& request,
                                     const world::Cancellation& cancellation);

}  // namespace pawl::transfers
