#include "cli/restore/request.h"

#include <gtest/gtest.h>

#include "json/parse.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

TEST(restore_request, options_win_over_what_the_batch_says_of_each_database) {
  RestoreRequest request;
  request.date = "2026-11-20";
  request.from = "us-east-1";
  request.to = "us-west-2";
  request.batch_file = *json::parse(R"({"snapshot_date": "2026-01-01", "databases": ["a",
      {"cluster_name": "b", "snapshot_date": "2026-01-02", "source_region": "x",
       "target_region": "y", "target_cluster": "c"}]})");
  const auto input = request.batch_input("fleet");
  ASSERT_TRUE(input.has_value());
  EXPECT_EQ(json::write((*input)["databases"]),
            R"(["a",{"cluster_name":"b","target_cluster":"c"}])");
  EXPECT_EQ((*input)["snapshot_date"], "2026-11-20");
  EXPECT_EQ((*input)["source_region"], "us-east-1");
  EXPECT_EQ((*input)["target_region"], "us-west-2");
}

TEST(restore_request, a_batch_keeps_what_no_option_says) {
  RestoreRequest request;
  request.to = "us-west-2";
  request.batch_file =
      *json::parse(R"({"databases": [{"cluster_name": "b", "snapshot_date": "2026-01-02"}]})");
  const auto input = request.batch_input("fleet");
  ASSERT_TRUE(input.has_value());
  EXPECT_EQ(json::write((*input)["databases"]),
            R"([{"cluster_name":"b","snapshot_date":"2026-01-02"}])");
}

}  // namespace
}  // namespace pawl::cli
