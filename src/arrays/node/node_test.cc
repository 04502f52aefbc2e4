#include "arrays/node/node.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <set>

#include "arrays/node/pieces.h"
#include "arrays/node/series.h"
#include "base/text.h"
#include "objects/file_bucket.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::arrays {
namespace {

using testing::HasSubstr;

const std::vector<std::string> odd_ids = {
    "plain-1", "..",  ".",    ".hidden",   "a/b",
    "/",       "%",   "a=2F", "a b,\"c\"", "grüße",
    "CON",     "a\\", "*",    "-rf",       std::string(3000, 'x')};

class Nodes : public testing::Test {
 protected:
  void SetUp() override { prepare(join(odd_ids, "\n") + "\n"); }

  void prepare(const std::string& ids) {
    const std::string directory = node_directory(node_.run_directory, node_.index);
    ASSERT_TRUE(world::make_directories(directory + "/prep", 0755));
    ASSERT_TRUE(world::write_file_atomically(concat(directory, "/", ids_file), ids, 0644));
  }
  void run_all() {
    ASSERT_TRUE(procure(node_));
    ASSERT_TRUE(process(node_));
    const auto done = egress(node_);
    ASSERT_TRUE(done) << done.error().text();
  }
  std::string own(std::string_view name) const {
    return concat(node_directory(node_.run_directory, node_.index), "/", name);
  }

  world::ScratchDirectory scratch_;
  Node node_{.run_directory = scratch_.path() + "/volume/run-1",
             .index = 7,
             .seed = "run-1",
             .bucket_directory = scratch_.path() + "/bucket/run-1"};
};

TEST(arrays_layout, every_id_has_a_name_of_its_own_that_a_bucket_keeps) {
  std::set<std::string> names;
  for (const std::string& id : odd_ids) {
    const std::string name = file_name("results", id);
    EXPECT_TRUE(names.insert(name).second) << id;
    EXPECT_EQ(objects::path_of_key(name), name);
    EXPECT_LT(name.size(), 250u);
  }
  EXPECT_EQ(file_name("data", "../../etc"), "data/=2E.=2F..=2Fetc.json");
  // Long ids that begin alike differ by their checksum.
  EXPECT_NE(escape(std::string(3000, 'x')), escape(std::string(3001, 'x')));
}

TEST(arrays_series, follow_from_seed_node_and_id) {
  const Series series = series_of("run-1", 7, "a");
  ASSERT_EQ(series.values.size(), 500u);
  EXPECT_EQ(series.first, 1663639968158 + 3'600'000);
  for (const int32_t value : series.values) EXPECT_TRUE(value >= 10 && value <= 19'999) << value;
  EXPECT_EQ(series.values, series_of("run-1", 7, "a").values);
  EXPECT_NE(series.values, series_of("run-2", 7, "a").values);
  EXPECT_NE(series.values, series_of("run-1", 8, "a").values);
  EXPECT_NE(series.values, series_of("run-1", 7, "b").values);
}

TEST(arrays_series, read_back_from_what_they_were_written_as) {
  const Series series = series_of("s", 0, "a \"quoted\" id");
  const auto line = parse_value_line(value_line(series));
  ASSERT_TRUE(line);
  EXPECT_EQ(line->id_json, "\"a \\\"quoted\\\" id\"");
  EXPECT_EQ(line->values, series.values);
  const auto document = parse_value_document(value_document(series));
  ASSERT_TRUE(document);
  EXPECT_EQ(document->first, series.first);
  EXPECT_EQ(document->values, series.values);
}

TEST(arrays_series, refuse_half_of_what_was_written) {
  const Series series = series_of("s", 0, "a");
  const std::string line = value_line(series), document = value_document(series);
  for (size_t kept = 0; kept < line.size(); kept += 37)
    EXPECT_FALSE(parse_value_line(line.substr(0, kept))) << kept;
  for (size_t kept = 0; kept < document.size(); kept += 37)
    EXPECT_FALSE(parse_value_document(document.substr(0, kept))) << kept;
  EXPECT_FALSE(parse_value_line(line + " "));
}

TEST(arrays_series, are_open_above_fifteen_thousand) {
  const Series series{.id_json = "\"a\"", .first = 1000, .step = 10, .values = {15000, 15001}};
  EXPECT_EQ(open_line(series), R"({"id":"a","first":1000,"step":10,"open":[false,true]})");
  EXPECT_EQ(open_document(series),
            R"([{"timestamp":1000,"open":false},{"timestamp":1010,"open":true}])");
}

TEST_F(Nodes, bring_every_odd_id_into_the_bucket_once) {
  run_all();
  const std::string bucket = node_directory(node_.bucket_directory, node_.index);
  const auto lines = read_pieces(bucket, bucket_manifest);
  ASSERT_TRUE(lines);
  ASSERT_EQ(lines->size(), 1u);
  std::string expected;
  for (const std::string& id : odd_ids)
    expected += open_line(series_of(node_.seed, node_.index, id)) + "\n";
  EXPECT_EQ(lines->at(0).bytes, expected);

  node_.layout = Layout::files;
  run_all();
  const auto documents = read_pieces(bucket, bucket_manifest);
  ASSERT_TRUE(documents);
  ASSERT_EQ(documents->size(), odd_ids.size());
  for (size_t at = 0; at < odd_ids.size(); ++at)
    EXPECT_EQ(documents->at(at).bytes,
              open_document(series_of(node_.seed, node_.index, odd_ids[at])));
}

TEST_F(Nodes, write_the_same_again_when_a_step_is_repeated) {
  run_all();
  const auto before = read_manifest(node_directory(node_.bucket_directory, 7), bucket_manifest);
  run_all();
  const auto after = read_manifest(node_directory(node_.bucket_directory, 7), bucket_manifest);
  ASSERT_TRUE(before && after);
  EXPECT_EQ(before->at(0).checksum, after->at(0).checksum);
  // Nothing is left of the writing.
  EXPECT_EQ(*world::list_directory(own("")),
            (std::vector<std::string>{"data.jsonl", "data.sha256", "prep", "results.jsonl",
                                      "results.sha256"}));
}

TEST_F(Nodes, refuse_what_is_damaged_missing_or_torn) {
  ASSERT_TRUE(procure(node_));
  ASSERT_TRUE(world::write_file_atomically(own("data.jsonl"), "{\"id\":", 0644));
  EXPECT_EQ(process(node_).error().code(), ErrorCode::corrupt);
  ASSERT_TRUE(world::remove_file(own("data.jsonl")));
  const auto missing = process(node_);
  EXPECT_EQ(missing.error().code(), ErrorCode::corrupt);
  EXPECT_THAT(missing.error().text(), HasSubstr("Run the step that writes it again"));
  prepare("a\nb");
  EXPECT_EQ(procure(node_).error().code(), ErrorCode::corrupt);
}

TEST_F(Nodes, do_not_follow_a_manifest_out_of_their_directory) {
  ASSERT_TRUE(procure(node_));
  for (const char* name : {"/etc/passwd", "../7/data.jsonl", "data/../../x", ""}) {
    const std::string line = concat(std::string(64, 'a'), "  ", name, "\n");
    ASSERT_TRUE(world::write_file_atomically(own("data.sha256"), line, 0644));
    EXPECT_THAT(process(node_).error().text(), HasSubstr("is no list of checksums")) << name;
  }
}

TEST_F(Nodes, may_try_again_what_the_step_before_has_not_written_yet) {
  EXPECT_EQ(process(node_).error().code(), ErrorCode::not_found);
}

}  // namespace
}  // namespace pawl::arrays
