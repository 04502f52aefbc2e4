#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "schedules/times/zone.h"

namespace pawl::schedules {

// A file of the time zone database (RFC 8536, version 2 and later), and what its last line says of
// the years that follow, up to the last that an expression may name. Error: corrupt.
Result<std::vector<Offset>> parse_zone_file(std::string_view bytes);

}  // namespace pawl::schedules
