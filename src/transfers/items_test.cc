#include "transfers/items.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/hash.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::transfers {
namespace {

using json::Value;
using ::testing::AllOf;
using ::testing::HasSubstr;

class items : public ::testing::Test {
 protected:
  items() {
    char name[] = "/tmp/pawl-items-XXXXXX";
    folder_ = mkdtemp(name);
    std::filesystem::create_directories(folder_ + "/stock");
  }
  ~items() override { std::filesystem::remove_all(folder_); }

  void put(const std::string& key, std::string_view text) {
    std::ofstream(concat(folder_, "/stock/", key)) << text;
  }
  // The items as JSON, or why there are none.
  std::string read(Value::Object request) {
    const objects::Buckets buckets({.directory = folder_});
    const auto found = read_items(buckets, std::move(request), cancellation_);
    if (found) return json::write(*found);
    EXPECT_EQ(found.error().error, "States.ItemReaderFailed");
    return found.error().cause;
  }
  std::string read(const std::string& type, int64_t bytes_max = 1000) {
    return read({{"InputType", type},
                 {"BytesMax", bytes_max},
                 {"CSVHeaders", Value::Array()},
                 {"Parameters", Value::object({{"Bucket", "stock"}, {"Key", "m"}})}});
  }
  std::string read_inventory(const Value& file) {
    put("m", json::write(Value::object({{"destinationBucket", "arn:aws:s3:::stock"},
                                        {"fileFormat", "CSV"},
                                        {"fileSchema", "Bucket, Key"},
                                        {"files", Value::array({file})}})));
    return read("MANIFEST");
  }

  std::string folder_;
  world::Cancellation cancellation_;
};

TEST_F(items, of_an_inventory_are_its_rows) {
  const std::string text = "\"stock\",\"a+b%2Fc\"\n\"stock\",\"d\"\n";
  put("data.csv", text);
  const std::string found = R"([{"Bucket":"stock","Key":"a b/c"},{"Bucket":"stock","Key":"d"}])";
  EXPECT_EQ(read_inventory(Value::object({{"key", "data.csv"}})), found);
  EXPECT_EQ(
      read_inventory(Value::object(
          {{"key", "data.csv"}, {"size", text.size()}, {"MD5checksum", digest("MD5", text)}})),
      found);
}

TEST_F(items, of_an_inventory_are_not_read_from_a_torn_file) {
  const Value file = Value::object({{"key", "data.csv"}});
  put("data.csv", "\"stock\",\"a\"\n\"stock\",\"b");
  EXPECT_THAT(read_inventory(file),
              AllOf(HasSubstr("'data.csv'"), HasSubstr("closing quote"), HasSubstr("line 2")));
  put("data.csv", "\"stock\",\"a\"\n\"stock\"");
  EXPECT_THAT(read_inventory(file),
              AllOf(HasSubstr("'data.csv'"), HasSubstr("Row 2 has 1 fields, the fileSchema 2")));
}

TEST_F(items, of_an_inventory_are_not_read_from_a_file_that_the_manifest_does_not_mean) {
  put("data.csv", "\"stock\",\"a\"\n");
  EXPECT_THAT(read_inventory(Value::object({{"key", "data.csv"}, {"size", 13}})),
              AllOf(HasSubstr("'data.csv'"), HasSubstr("has 12 bytes, and 13 in the manifest")));
  EXPECT_THAT(read_inventory(Value::object({{"key", "data.csv"}, {"MD5checksum", "00"}})),
              AllOf(HasSubstr("'data.csv'"), HasSubstr("and \"00\" in the manifest")));
  EXPECT_THAT(read_inventory(Value::object({{"key", "none.csv"}})), HasSubstr("'none.csv'"));
}

TEST_F(items, of_an_inventory_are_not_in_the_manifest) {
  EXPECT_THAT(read_inventory(Value::object({{"key", "m"}})),
              AllOf(HasSubstr("'m'"), HasSubstr("It is the manifest itself.")));
}

TEST_F(items, are_counted_before_they_are_made) {
  std::string text = "h0";
  for (int i = 1; i < 200'000; ++i) text += concat(",h", i);
  for (int i = 0; i < 1000; ++i) text += "\nx";
  put("m", text);
  EXPECT_THAT(read("CSV", 1'000'000'000), HasSubstr("more than 1000000000 bytes"));
}

TEST_F(items, may_have_as_many_bytes_as_the_limit_and_no_more) {
  put("m", "a,b\n1,2,left out\n3\n");
  const std::string found = R"([{"a":"1","b":"2"},{"a":"3","b":""}])";
  const auto size = static_cast<int64_t>(found.size());
  EXPECT_EQ(read("CSV", size + 1), found);
  EXPECT_THAT(read("CSV", size - 2), HasSubstr("The items have more than"));
}

}  // namespace
}  // namespace pawl::transfers
