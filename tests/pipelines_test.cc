#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "asl/parse.h"

namespace pawl {
namespace {

std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

TEST(pipelines, every_definition_that_ships_is_valid_without_a_remark) {
  size_t count = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(PAWL_PIPELINES)) {
    if (!entry.path().string().ends_with(".asl.json")) continue;
    ++count;
    const auto parsed = asl::parse_definition(text_of(entry.path()));
    EXPECT_NE(parsed.machine, nullptr) << entry.path();
    for (const auto& finding : parsed.diagnostics) {
      ADD_FAILURE() << entry.path() << ":" << finding.line << ": " << finding.location << ": "
                    << finding.message;
    }
  }
  EXPECT_GE(count, 2u);
}

}  // namespace
}  // namespace pawl
