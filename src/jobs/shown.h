#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "json/value.h"

namespace pawl::jobs {

// Members of what the service shows: empty where they are absent or of another kind.
std::string text_at(const json::Value& shown, std::string_view member);
std::span<const json::Value> elements_at(const json::Value& shown, std::string_view member);

// "ClientException: why".
Error refused(std::string_view why);

}  // namespace pawl::jobs
