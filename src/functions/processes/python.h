#pragma once

#include <string_view>

namespace pawl::functions::processes {

// The program that runs a Python function by the name of its handler: bootstrap.py.
std::string_view python_bootstrap();

}  // namespace pawl::functions::processes
