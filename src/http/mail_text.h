#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "http/client.h"

namespace pawl::http {

// "a@b" with nothing in it that could end a header or a command of SMTP.
Result<void> check_address(std::string_view address);

// The text as the value of a header: as it is where it is short printable ASCII, otherwise in
// encoded words (RFC 2047), which is also what makes a line feed in it harmless.
std::string encode_header(std::string_view text);

// The mail as RFC 5322 has it, lines ended by CR LF, without the stuffing of dots, which is the
// transport's. The body goes as base64 where it is not short lines of ASCII.
std::string compose(const Mail& mail, Instant now, std::string_view message_id);

}  // namespace pawl::http
