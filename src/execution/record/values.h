#pragma once

#include "execution/record/bytes.h"
#include "execution/record/known_values.h"

namespace pawl::execution {

// Values within a record. Grammar, a tag in front of each:
//
//   value   = null | false | true
//           | integer ZIGZAG | real 8BYTES | string LENGTH BYTES
//           | array COUNT value* | object COUNT (name value)*
//           | reference NUMBER               a value known already
//           | patch COUNT change*            the base with some members set or added
//           | json LENGTH BYTES              a large value as its text
//           | 0x80..0xff                     a reference to one of the first 128
//   name    = string | reference
//   change  = POSITION [name] value          a name where the position is past the base's last
//
// Each value worth it gets the next number once it is complete; of a json the value, and then those
// of its parts that are large. The base is a value that writer and reader both have at hand: the
// input of the frame, and within a patch the member that is changed. So putting a result into a
// wide object costs the result.

void write_value(ByteWriter& out, KnownValues& known, const json::Value& value,
                 const json::Value& base);

// Breaks the reader where the bytes are not what write_value writes.
json::Value read_value(ByteReader& in, KnownValues& known, const json::Value& base);

}  // namespace pawl::execution
