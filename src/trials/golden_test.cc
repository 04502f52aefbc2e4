#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "asl/parse.h"
#include "json/write.h"
#include "trials/report.h"

namespace pawl::trials {
namespace {

// NAME.mocks.json and NAME.asl.json in tests/golden/trials and docs/examples, and what comes of
// them: tests/golden/trials/NAME.expected.json. PAWL_UPDATE_GOLDEN=1 writes it anew.

using std::filesystem::path;

const path root = PAWL_SOURCE_DIRECTORY;

std::string text_of(const path& file) {
  std::stringstream text;
  text << std::ifstream(file).rdbuf();
  return text.str();
}

std::string played(const path& folder, const std::string& name) {
  const auto parsed = asl::parse_definition(text_of(folder / (name + ".asl.json")));
  const auto reading = read_mocks(text_of(folder / (name + ".mocks.json")));
  for (const auto& found : parsed.diagnostics) ADD_FAILURE() << found.message;
  for (const auto& found : reading.findings) ADD_FAILURE() << found.line << ": " << found.message;
  if (parsed.machine == nullptr || reading.mocks.machines.size() != 1) return {};
  const auto& mocked = reading.mocks.machines[0];
  EXPECT_TRUE(check_cases(mocked, *parsed.machine).empty());
  MachineReport report{mocked.name, name + ".asl.json", {}, Coverage(*parsed.machine)};
  const Subject subject{mocked.name, *parsed.machine, reading.mocks, json::Value::object()};
  for (const auto& test : mocked.cases)
    report.trials.push_back(run_case(subject, test, report.coverage));
  std::vector<MachineReport> reports;
  reports.push_back(std::move(report));
  return json::write_pretty(to_json(reports)) + "\n";
}

std::vector<path> mock_files() {
  std::vector<path> files;
  for (const path& folder : {root / "tests" / "golden" / "trials", root / "docs" / "examples"})
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().string().ends_with(".mocks.json")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

class golden : public testing::TestWithParam<path> {};

TEST_P(golden, trials_end_as_the_file_says) {
  const std::string name = GetParam().stem().stem();
  const std::string report = played(GetParam().parent_path(), name);
  const path expected = root / "tests" / "golden" / "trials" / (name + ".expected.json");
  if (std::getenv("PAWL_UPDATE_GOLDEN") != nullptr) std::ofstream(expected) << report;
  EXPECT_EQ(report, text_of(expected));
}

INSTANTIATE_TEST_SUITE_P(files, golden, testing::ValuesIn(mock_files()),
                         [](const auto& info) { return info.param.stem().stem().string(); });

TEST(golden_trials, are_some) { EXPECT_GE(mock_files().size(), 3u); }

}  // namespace
}  // namespace pawl::trials
