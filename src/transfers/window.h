#pragma once

#include <optional>

#include "asl/failure.h"
#include "objects/bucket.h"
#include "world/cancellation.h"

namespace pawl::transfers {

// Whether the items of the object that is asked for can be read window by window: it is CSV or JSON
// Lines, and not packed.
bool has_windows(const json::Value& request);

// The items that come next, as many as one window has (execution/states/states.h, take_window):
//
//   {Items: […], Next: {…} or null, Total: n}
//
// The first window comes with a look at the whole object, so that what cannot be read is found
// before the first item is worked on, and how many items there are is known. Each later one goes on
// where Next of the one before says ("After" in the request). Nothing where the object is packed.
asl::Outcome<std::optional<json::Value>> read_window(objects::Bucket& bucket,
                                                     const json::Value& request,
                                                     const world::Cancellation& cancellation);

}  // namespace pawl::transfers
