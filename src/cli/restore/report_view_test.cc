#include "cli/restore/report_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/parse.h"

namespace pawl::cli {
namespace {

using ::testing::HasSubstr;

std::string shown(std::string_view report) {
  testing::internal::CaptureStdout();
  const Terminal terminal{Terminal::Options{}};
  const Client client("http://127.0.0.1:1");
  EXPECT_TRUE(show_report({terminal, client, {}}, *json::parse(report)));
  fflush(stdout);
  return testing::internal::GetCapturedStdout();
}

TEST(report_view, has_a_line_that_can_be_pasted_to_connect) {
  EXPECT_THAT(shown(R"({"operations": [{"endpoint": {"address": "127.0.0.1", "port": 6432,
                        "host": "/x"}, "users": ["app", "reader"], "databases": ["shop"]}]})"),
              HasSubstr("  connect  psql -h 127.0.0.1 -p 6432 -U app -d shop\n"));
  EXPECT_THAT(shown(R"({"operations": [{"endpoint": {"address": "127.0.0.1", "port": 1},
                        "users": ["it's an app"], "databases": ["a b"]}]})"),
              HasSubstr("-U 'it'\\''s an app' -d 'a b'\n"));
  EXPECT_THAT(shown(R"({"operations": [{"endpoint": {"address": "127.0.0.1", "port": 1}}]})"),
              HasSubstr("-U postgres -d postgres\n"));
}

TEST(report_view, has_no_block_for_an_operation_of_which_nothing_is_known) {
  const std::string text =
      shown(R"({"operations": [{"operation_id": "never-begun", "steps": []}]})");
  EXPECT_THAT(text, testing::Not(HasSubstr("never-begun")));
  EXPECT_THAT(text, testing::Not(HasSubstr("  steps")));
}

TEST(report_view, names_what_is_to_be_known_although_nothing_failed) {
  EXPECT_THAT(shown(R"({"operations": [{"warnings": ["page checksums are off"]}]})"),
              HasSubstr("  warning  page checksums are off\n"));
}

TEST(report_view, says_what_serves_where_that_is_not_the_operations_data) {
  const std::string text =
      shown(R"({"operations": [{"operation_id": "op-1", "status": "ROLLED_BACK",
                "target_cluster": "shop", "endpoint": null, "serving": "op-0"}]})");
  EXPECT_THAT(text, HasSubstr("  serving  operation op-0 serves shop\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("  connect ")));
}

TEST(report_view, has_nothing_to_connect_to_where_it_is_stopped_but_says_how_to_start_it) {
  const std::string text = shown(R"({"operations": [{"operation_id": "op-1", "status": "SUCCEEDED",
                "target_cluster": "shop", "target_region": "us-west-2", "endpoint": null,
                "serving": "op-1", "is_serving": false, "is_shut_down": true}]})");
  EXPECT_THAT(text, HasSubstr("  stopped  `pawl restore start shop --region us-west-2` starts it"));
  EXPECT_THAT(text, HasSubstr("-  stopped\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("  connect ")));
  EXPECT_THAT(text, testing::Not(HasSubstr("  serving ")));
}

TEST(report_view, says_why_a_step_has_failed) {
  EXPECT_THAT(shown(R"({"operations": [{"steps": [{"step": "archive-snapshot", "status": "FAILED",
                        "seconds": 0.1, "error": "Restore.OutOfSpace",
                        "cause": "it is full"}]}]})"),
              HasSubstr("  failed   archive-snapshot: Restore.OutOfSpace: it is full\n"));
}

}  // namespace
}  // namespace pawl::cli
