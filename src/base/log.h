#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace pawl {

enum class LogLevel { debug, info, warning, error };

using LogField = std::pair<std::string_view, std::string>;

// One line of logfmt on standard error: ts=… level=… msg="…" key=value …
// Never pass a secret; values are escaped, not redacted.
void log(LogLevel level, std::string_view message, std::initializer_list<LogField> fields = {});

// Lines below this level are dropped. The default is info.
void set_log_level(LogLevel level);

}  // namespace pawl
