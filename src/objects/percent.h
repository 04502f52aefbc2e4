#pragma once

#include <string>
#include <string_view>

namespace pawl::objects {

// Everything but letters, digits and "-._~" as %XX, and but what is in `kept`.
std::string percent_encoded(std::string_view text, std::string_view kept = {});

}  // namespace pawl::objects
