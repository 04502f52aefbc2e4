#include "transfers/window.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "json/write.h"
#include "objects/file_bucket.h"
#include "transfers/gzip.h"

namespace pawl::transfers {
namespace {

using json::Value;
using ::testing::HasSubstr;

class window : public ::testing::Test {
 protected:
  window() {
    char name[] = "/tmp/pawl-window-XXXXXX";
    folder_ = mkdtemp(name);
  }
  ~window() override { std::filesystem::remove_all(folder_); }

  void put(std::string_view text) { std::ofstream(folder_ + "/k", std::ios::binary) << text; }
  static Value::Object request(const std::string& type) {
    return {{"Resource", "arn:aws:states:::s3:getObject"},
            {"InputType", type},
            {"CSVHeaders", Value::Array()},
            {"BytesMax", 4 << 20},
            {"Parameters", Value::object({{"Bucket", "in"}, {"Key", "k"}})}};
  }
  // The next one after this; its failure as a text.
  Value read(const Value& request) {
    objects::FileBucket bucket(folder_);
    EXPECT_TRUE(has_windows(request));
    auto found = read_window(bucket, request, cancellation_);
    if (!found) return found.error().cause;
    return found->value_or("packed");
  }
  // All items, window by window.
  std::vector<Value> read_all(Value request) {
    std::vector<Value> all;
    for (;; ++windows_) {
      const Value found = read(request);
      if (!found.is_object()) ADD_FAILURE() << json::write(found);
      if (!found.is_object()) return all;
      const auto items = found["Items"].elements();
      all.insert(all.end(), items.begin(), items.end());
      if (request.find("After") == nullptr) total_ = found["Total"];
      if (found["Next"].is_null()) return all;
      request = request.with("After", found["Next"]);
    }
  }

  std::string folder_;
  world::Cancellation cancellation_;
  int windows_ = 1;
  Value total_;
};

TEST_F(window, holds_a_part_of_a_sheet_and_says_where_the_next_begins) {
  std::string text = "\xef\xbb\xbfid,text\r\n";
  std::vector<std::string> texts;
  for (int i = 0; i < 60'000; ++i) {
    // Line breaks and quotes within fields, so that any of them falls on an edge of what is read.
    texts.push_back(concat("a \"", i, "\"\r\nand, more of it", std::string(i % 50, 'x')));
    text += concat(i, ",\"", replace_all(texts.back(), "\"", "\"\""), "\"\r\n");
    if (i % 1000 == 0) text += "\n";
  }
  put(text);
  const auto all = read_all(request("CSV"));
  ASSERT_EQ(all.size(), texts.size());
  for (size_t i = 0; i < all.size(); ++i)
    ASSERT_EQ(all[i], Value::object({{"id", concat(i)}, {"text", texts[i]}}));
  EXPECT_EQ(total_, Value(60'000));
  EXPECT_GT(windows_, 5);
}

TEST_F(window, holds_a_part_of_lines) {
  std::string text;
  for (int i = 0; i < 200'000; ++i) text += concat(i % 7 == 0 ? "\n" : "", "{\"n\": ", i, "}\n");
  text.pop_back();
  put(text);
  const auto all = read_all(request("JSONL"));
  ASSERT_EQ(all.size(), 200'000u);
  for (int64_t i = 0; i < 200'000; ++i) ASSERT_EQ(all[static_cast<size_t>(i)]["n"], Value(i));
  EXPECT_GT(windows_, 5);
}

TEST_F(window, has_no_more_items_than_are_asked_for) {
  std::string text = "a\n";
  for (int i = 0; i < 30'000; ++i) text += concat(i, "\n");
  put(text);
  for (const int64_t most : {1, 3, 20'000, 30'000, 40'000}) {
    Value::Object asked = request("CSV");
    asked.push_back({"MaxItems", most});
    const int64_t expected = std::min<int64_t>(most, 30'000);
    EXPECT_EQ(read_all(asked).size(), static_cast<size_t>(expected));
    EXPECT_EQ(total_, Value(expected));
  }
}

TEST_F(window, of_an_empty_object_is_empty) {
  for (const char* text : {"", "\n", "a,b", "a,b\n\n"}) {
    put(text);
    EXPECT_TRUE(read_all(request("CSV")).empty());
    EXPECT_EQ(total_, Value(0));
  }
}

TEST_F(window, may_have_items_that_are_larger_than_what_is_read_at_once) {
  put(concat("a,b\n", std::string(3 << 20, 'x'), ",1\n2,3\n"));
  const auto all = read_all(request("CSV"));
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0]["a"].size(), size_t{3 << 20});
  EXPECT_EQ(all[1]["b"], Value("3"));
}

TEST_F(window, is_refused_where_an_item_is_too_large) {
  put(concat("a\n", std::string(5 << 20, 'x')));
  EXPECT_THAT(json::write(read(request("CSV"))), HasSubstr("more than 4194304 bytes"));
  std::string headers = "h0";
  for (int i = 1; i < 500'000; ++i) headers += concat(",h", i);
  put(headers + "\nx\n");
  EXPECT_THAT(json::write(read(request("CSV"))), HasSubstr("more than 4194304 bytes"));
}

TEST_F(window, is_the_first_only_of_an_object_that_can_be_read_to_its_end) {
  std::string rows = "a,b\n", lines;
  for (int i = 0; i < 60'000; ++i) rows += concat(i, ",text of a row\n");
  for (int i = 0; i < 60'000; ++i) lines += concat("{\"row\": ", i, "}\n");
  put(rows + "1,\"torn");
  EXPECT_THAT(json::write(read(request("CSV"))), HasSubstr("missing in line 60002."));
  put(rows + "1,\xff\n");
  EXPECT_THAT(json::write(read(request("CSV"))), HasSubstr("not in UTF-8"));
  put(lines + "{");
  EXPECT_THAT(json::write(read(request("JSONL"))), HasSubstr("Line 60001 is no valid JSON"));
  put("a,b,a\n");
  EXPECT_THAT(json::write(read(request("CSV"))), HasSubstr("duplicates"));
}

TEST_F(window, is_refused_where_the_object_is_another_one_than_before) {
  std::string text = "a\n";
  for (int i = 0; i < 100'000; ++i) text += concat("text ", i, "\n");
  put(text);
  const Value asked = request("CSV"), first = read(asked);
  std::filesystem::remove(folder_ + "/k");
  put(text);
  EXPECT_THAT(json::write(read(asked.with("After", first["Next"]))), HasSubstr("has been changed"));
  std::filesystem::remove(folder_ + "/k");
  EXPECT_THAT(json::write(read(asked.with("After", first["Next"]))), HasSubstr("does not exist"));
}

TEST_F(window, is_not_read_to_its_end_once_it_is_called_off) {
  put("a\n1\n");
  cancellation_.request();
  EXPECT_EQ(read(request("CSV")), Value("Reading was called off."));
}

TEST_F(window, is_not_to_be_had_of_what_is_packed) {
  put("\x1f\x8b...");
  EXPECT_EQ(read(request("CSV")), Value("packed"));
}

}  // namespace
}  // namespace pawl::transfers
