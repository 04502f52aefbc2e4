#include "objects/file_bucket.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "objects/buckets.h"

namespace pawl::objects {
namespace {

class file_bucket : public ::testing::Test {
 protected:
  file_bucket() {
    char name[] = "/tmp/pawl-objects-XXXXXX";
    folder_ = mkdtemp(name);
    std::filesystem::create_directories(folder_ + "/sales");
  }
  ~file_bucket() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Bucket> bucket() { return Buckets({.directory = folder_}).find("sales").value(); }
  std::vector<std::string> keys(const ListRequest& request = {}) {
    std::vector<std::string> keys;
    const Listing listing = bucket()->list(request).value();
    for (const Object& object : listing.objects) keys.push_back(object.key);
    return keys;
  }

  std::string folder_;
};

TEST_F(file_bucket, gives_back_what_was_put) {
  ASSERT_TRUE(bucket()->put("2026/may.csv", "a,b\n", "text/csv").has_value());
  EXPECT_EQ(bucket()->get("2026/may.csv", 100).value().bytes, "a,b\n");
  std::ifstream file(folder_ + "/sales/2026/may.csv");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), "a,b\n");
}

TEST_F(file_bucket, replaces_an_object_and_says_so_by_its_etag) {
  const json::Value first = bucket()->put("k", "1", "").value().members;
  const json::Value second = bucket()->put("k", "22", "").value().members;
  EXPECT_EQ(bucket()->get("k", 100).value().bytes, "22");
  EXPECT_NE(first["ETag"], second["ETag"]);
  EXPECT_EQ(json::Value(bucket()->head("k").value().members)["ETag"], second["ETag"]);
}

TEST_F(file_bucket, says_as_s3_does_what_is_not_there) {
  EXPECT_EQ(bucket()->get("none", 100).error().code, "NoSuchKey");
  EXPECT_EQ(bucket()->head("none").error().status, 404);
  EXPECT_EQ(Buckets({.directory = folder_}).find("others").error().code, "NoSuchBucket");
}

TEST_F(file_bucket, refuses_an_object_larger_than_asked_for) {
  bucket()->put("k", "12345", "").value();
  EXPECT_EQ(bucket()->get("k", 4).error().code, "EntityTooLarge");
}

TEST_F(file_bucket, gives_a_piece_of_an_object) {
  const auto etag = bucket()->put("k", "0123456789", "").value().members[0].value;
  for (const auto& [offset, expected] :
       std::map<uint64_t, std::string>{{0, "012"}, {8, "89"}, {10, ""}, {99, ""}}) {
    const Piece piece = bucket()->get_piece("k", {offset, 3}).value();
    EXPECT_EQ(piece.bytes, expected);
    EXPECT_EQ(piece.object_bytes, 10u);
    EXPECT_EQ(json::Value(piece.etag), etag);
  }
  EXPECT_EQ(bucket()->get_piece("none", {0, 3}).error().code, "NoSuchKey");
}

TEST_F(file_bucket, keeps_every_key_within_its_directory) {
  for (const std::string key : {"a/../../etc/passwd", "/etc/passwd", "..", ".hidden", "a//b", "b/",
                                "100%", "%2E", "%", "x.123456.tmp.csv"}) {
    SCOPED_TRACE(key);
    EXPECT_EQ(key_of_path(path_of_key(key)), key);
    ASSERT_TRUE(bucket()->put(key, key, "").has_value());
    EXPECT_EQ(bucket()->get(key, 100).value().bytes, key);
  }
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder_), {}), 1);
  EXPECT_EQ(keys().size(), 10u);
}

TEST_F(file_bucket, refuses_an_object_below_another_one_and_in_place_of_a_folder) {
  bucket()->put("a", "x", "").value();
  bucket()->put("c/d", "x", "").value();
  for (const char* key : {"a/b", "a/b/c", "c"}) {
    SCOPED_TRACE(key);
    const Failure refusal = bucket()->put(key, "y", "").error();
    EXPECT_EQ(refusal.code, "KeyConflict");
    EXPECT_EQ(refusal.status, 409);
    EXPECT_THAT(refusal.message, ::testing::Not(::testing::HasSubstr(folder_)));
    EXPECT_EQ(bucket()->get(key, 100).error().code, "NoSuchKey");
    EXPECT_TRUE(bucket()->remove(key).has_value());
  }
  EXPECT_THAT(keys(), ::testing::ElementsAre("a", "c/d"));
}

TEST_F(file_bucket, refuses_a_key_that_is_too_long_for_the_name_of_a_file) {
  const std::string fits(244, 'k'), longer(245, 'k'), longest(300, 'k');
  EXPECT_TRUE(bucket()->put(fits, "x", "").has_value());
  for (const std::string& key : {longer, longest, longest + "/k"}) {
    EXPECT_EQ(bucket()->put(key, "x", "").error().code, "KeyTooLongError");
    EXPECT_EQ(bucket()->get(key, 100).error().code, "NoSuchKey");
    EXPECT_TRUE(bucket()->remove(key).has_value());
  }
  EXPECT_THAT(keys(), ::testing::ElementsAre(fits));
}

TEST_F(file_bucket, lists_a_key_that_is_named_like_what_a_crash_leaves) {
  for (const std::string key : {"report.abcdef.tmp", "a.123456.tmp/report.abcdef.tmp"}) {
    bucket()->put(key, "x", "").value();
    EXPECT_EQ(key_of_path(path_of_key(key)), key);
  }
  std::ofstream(folder_ + "/sales/k.abcdef.tmp") << "half";
  EXPECT_THAT(keys(),
              ::testing::ElementsAre("a.123456.tmp/report.abcdef.tmp", "report.abcdef.tmp"));
  EXPECT_EQ(bucket()->get("k.abcdef.tmp", 100).error().code, "NoSuchKey");
}

TEST_F(file_bucket, follows_links_to_files_and_never_to_directories) {
  const std::string outside = folder_ + "/outside";
  std::filesystem::create_directories(outside);
  std::ofstream(outside + "/k") << "x";
  std::filesystem::create_directory_symlink(outside, folder_ + "/sales/way");
  std::filesystem::create_symlink(outside + "/k", folder_ + "/sales/file");
  EXPECT_EQ(bucket()->get("way/k", 100).error().code, "NoSuchKey");
  EXPECT_EQ(bucket()->head("way/k").error().code, "NoSuchKey");
  EXPECT_EQ(bucket()->put("way/k", "y", "").error().code, "KeyConflict");
  EXPECT_TRUE(bucket()->remove("way/k").has_value());
  EXPECT_TRUE(std::filesystem::exists(outside + "/k"));
  EXPECT_EQ(bucket()->get("file", 100).value().bytes, "x");
  EXPECT_THAT(keys(), ::testing::ElementsAre("file"));
}

TEST_F(file_bucket, is_never_outside_of_the_buckets_directory) {
  for (const char* name : {"..", "../sales", "", "a/b", "/etc", "Sales"})
    EXPECT_EQ(Buckets({.directory = folder_ + "/sales"}).find(name).error().code, "NoSuchBucket");
}

TEST_F(file_bucket, lists_by_key_page_by_page) {
  for (const char* key : {"b/2", "a/1", "b/1", "c"}) bucket()->put(key, "x", "").value();
  EXPECT_THAT(keys(), ::testing::ElementsAre("a/1", "b/1", "b/2", "c"));
  EXPECT_THAT(keys({.prefix = "b/"}), ::testing::ElementsAre("b/1", "b/2"));
  EXPECT_THAT(keys({.after = "b/1", .most = 1}), ::testing::ElementsAre("b/2"));
  EXPECT_TRUE(bucket()->list({.most = 3}).value().is_truncated);
  EXPECT_FALSE(bucket()->list({.most = 4}).value().is_truncated);
}

TEST_F(file_bucket, folds_keys_into_their_common_prefixes) {
  for (const char* key : {"b/2", "a/1", "b/1", "c"}) bucket()->put(key, "x", "").value();
  const Listing listing = bucket()->list({.delimiter = "/"}).value();
  EXPECT_THAT(listing.prefixes, ::testing::ElementsAre("a/", "b/"));
  ASSERT_EQ(listing.objects.size(), 1u);
  EXPECT_EQ(listing.objects[0].key, "c");
}

TEST_F(file_bucket, may_lie_where_the_settings_say) {
  const Buckets named({.directory = {}, .directories = {{"Elsewhere", folder_ + "/sales"}}});
  EXPECT_TRUE(named.find("Elsewhere").value()->put("k", "x", "").has_value());
  EXPECT_THAT(keys(), ::testing::ElementsAre("k"));
}

TEST_F(file_bucket, removes_what_may_not_be_there) {
  bucket()->put("k", "x", "").value();
  EXPECT_TRUE(bucket()->remove("k").has_value());
  EXPECT_TRUE(bucket()->remove("k").has_value());
  EXPECT_TRUE(keys().empty());
}

}  // namespace
}  // namespace pawl::objects
