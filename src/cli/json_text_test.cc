#include "cli/json_text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/restore/batch_file.h"

namespace pawl::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view broken = "{\n  \"StartAt\": \"A\",\n  \"States\": {\"A\" {}}\n}\n";

TEST(json_text, says_line_and_column_of_what_is_no_json) {
  const auto value = parse_json("{bad", "--input");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error().message(),
            "--input:1:2: Unexpected character ('b' (code 98)): was expecting double-quote to "
            "start field name");
  EXPECT_THAT(parse_json(broken, "x.json").error().message(), HasSubstr("x.json:3:18: "));
  EXPECT_TRUE(parse_json("{\"a\": 1}", "--input"));
}

TEST(json_text, shows_a_finding_without_the_text_it_is_about) {
  const auto parsed = asl::parse_definition(broken);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  const std::string line = diagnostic_line("x.json", parsed.diagnostics[0]);
  EXPECT_EQ(line,
            "x.json:3:18: error: Unexpected character ('{' (code 123)): was expecting a colon to "
            "separate field name and value [INVALID_JSON_DESCRIPTION]\n");
}

TEST(json_text, a_definition_with_an_error_is_refused_with_its_place) {
  EXPECT_THAT(check_definition(broken, "x.json").error().message(), HasSubstr("x.json:3:18: "));
  EXPECT_THAT(check_definition("{\"StartAt\": \"A\", \"States\": {}}", "x.json").error().message(),
              Not(HasSubstr("Source")));
}

std::string refusal_of(std::string_view text) {
  const auto batch = parse_batch_file(text, "b.json");
  return batch ? "" : batch.error().message();
}

TEST(batch_file, names_the_line_of_a_key_that_nobody_reads) {
  EXPECT_EQ(refusal_of("{\n  \"databases\": [\"a\"],\n  \"concurency\": 2\n}"),
            "b.json:3:3: unknown key \"concurency\"; did you mean \"concurrency\"?");
  EXPECT_EQ(refusal_of("{\"databases\": [\n  \"a\",\n  {\"cluster_name\": \"b\", \"prio\": 1}]}"),
            "b.json:3:25: unknown key \"prio\"; did you mean \"priority\"?");
  EXPECT_THAT(refusal_of("{\"databases\": [\"a\"], \"xyzzy\": 2}"), HasSubstr("known here: "));
  EXPECT_THAT(refusal_of("[1]"), HasSubstr("no JSON object"));
  EXPECT_THAT(refusal_of("{bad"), HasSubstr("b.json:1:2: "));
}

TEST(diagnostic, is_shortened_where_it_quotes_a_large_value) {
  std::string large;
  for (int count = 0; count < 5000; ++count) large += "\u00e4";
  asl::Diagnostic found;
  found.code = "C";
  found.message = concat("no path: '", large, "'");
  const std::string line = diagnostic_line("f", found);
  EXPECT_LT(line.size(), 600u);
  EXPECT_THAT(line, HasSubstr("no path: '\u00e4"));
  EXPECT_THAT(line, HasSubstr(" bytes more] \u00e4"));
  EXPECT_THAT(line, HasSubstr("' [C]"));
}

TEST(batch_file, takes_what_the_documentation_and_the_original_template_have) {
  EXPECT_EQ(
      refusal_of("{\"databases\": [\"a\", {\"cluster_name\": \"b\", \"priority\": 1, "
                 "\"snapshot_date\": \"latest\", \"source_region\": \"r\", "
                 "\"target_region\": \"r\", \"target_cluster\": \"c\"}], \"batch_id\": \"b\", "
                 "\"snapshot_date\": \"latest\", \"source_region\": \"r\", "
                 "\"target_region\": \"r\", \"concurrency\": 1, \"limit_override\": 9, "
                 "\"stagger_seconds\": 0, \"tries\": 1, \"retry_seconds\": 1, "
                 "\"on_failure\": \"stop\", \"restore_input\": {\"any\": 1}, "
                 "\"restore_machine\": \"arn\"}"),
      "");
  EXPECT_EQ(refusal_of("{\"DatabaseList\": \"a,b\", \"SnapshotDate\": \"latest\", "
                       "\"TargetRegion\": \"r\", \"ConcurrentExecutions\": \"2\"}"),
            "");
}

}  // namespace
}  // namespace pawl::cli
