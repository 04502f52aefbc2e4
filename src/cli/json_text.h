#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "asl/parse.h"
#include "base/result.h"
#include "json/value.h"

namespace pawl::cli {

// A JSON text that a person wrote. Error (invalid_argument): "WHERE:LINE:COLUMN: what".
Result<json::Value> parse_json(std::string_view text, std::string_view where);

// Where a JSON text breaks the grammar or has a member that nobody reads: a line each,
// "WHERE:LINE:COLUMN: what". `locations` are those of asl/outline.h.
struct Remark {
  std::string location, message;
};
std::vector<std::string> placed(std::string_view text, std::string_view where,
                                const std::vector<Remark>& remarks);

// A finding about a definition as people read it: without the text of the definition, which the
// service's words repeat. The location is empty where it would only say that again.
asl::Diagnostic for_people(asl::Diagnostic diagnostic);
// "FILE:LINE:COLUMN: error: what [CODE] at /States/…\n".
std::string diagnostic_line(std::string_view file, const asl::Diagnostic& diagnostic);

// Whether a definition may be sent to the server. Error (invalid_argument): its errors, a line
// each.
Result<void> check_definition(std::string_view text, std::string_view file);

}  // namespace pawl::cli
