#include <gtest/gtest.h>

#include "base/arn.h"
#include "base/hash.h"
#include "base/result.h"
#include "base/text.h"
#include "base/time.h"

namespace pawl {
namespace {

TEST(arn, is_taken_apart) {
  const auto arn = parse_arn("arn:aws:states:us-east-1:000000000000:execution:m:e");
  ASSERT_TRUE(arn);
  EXPECT_EQ(arn->service, "states");
  EXPECT_EQ(arn->resource, "execution:m:e");
  EXPECT_EQ(arn->resource_pieces(), (std::vector<std::string_view>{"execution", "m", "e"}));
  for (const char* text : {"", "arn", "arn:aws:states", "x:aws:s:r:a:b", "arn:aws:states:r:a:"})
    EXPECT_FALSE(parse_arn(text)) << text;
}

TEST(time, reads_back_what_it_writes) {
  for (const char* text :
       {"2026-11-21T02:18:04.123Z", "1970-01-01T00:00:00.000Z", "2024-02-29T23:59:59.999Z"})
    EXPECT_EQ(format_instant(parse_instant(text).value()), text);
  EXPECT_EQ(format_instant(parse_instant("2016-03-14T01:59:00+02:00").value()),
            "2016-03-13T23:59:00.000Z");
}

TEST(time, refuses_what_is_no_timestamp) {
  for (const char* text : {"", "2026-11-21", "2026-11-21T02:18:04", "2026-13-21T02:18:04Z",
                           "2026-02-30T02:18:04Z", "2026-11-21 02:18:04Z", "2026-11-21T02:18:04.Z",
                           "2026-11-21T25:18:04Z", "2026-11-21T02:18:04z"})
    EXPECT_FALSE(parse_instant(text)) << text;
}

TEST(time, knows_the_days_of_the_calendar) {
  EXPECT_TRUE(is_date("2024-02-29"));
  for (const char* text : {"2023-02-29", "2023-2-9", "20230209", "latest", "2023-02-29x", ""})
    EXPECT_FALSE(is_date(text)) << text;
}

TEST(time, speaks_of_durations_as_people_do) {
  EXPECT_EQ(format_duration(milliseconds(850)), "850 ms");
  EXPECT_EQ(format_duration(milliseconds(12400)), "12.4 s");
  EXPECT_EQ(format_duration(seconds(185)), "3 m 05 s");
  EXPECT_EQ(format_duration(minutes(124)), "2 h 04 m");
}

TEST(hash, agrees_with_published_values) {
  EXPECT_EQ(crc32c("123456789"), 0xe3069283u);
  EXPECT_EQ(crc32c("6789", crc32c("12345")), 0xe3069283u);
  EXPECT_EQ(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(digest("MD5", ""), "d41d8cd98f00b204e9800998ecf8427e");
}

TEST(hash, reads_back_base64) {
  for (const char* text : {"", "a", "ab", "abc", "abcd"}) {
    std::string bytes;
    ASSERT_TRUE(parse_base64(base64(text), bytes));
    EXPECT_EQ(bytes, text);
  }
  std::string bytes;
  EXPECT_FALSE(parse_base64("?", bytes));
}

TEST(text, reads_and_writes_amounts) {
  EXPECT_EQ(format_bytes(512), "512 B");
  EXPECT_EQ(format_bytes(1400000000), "1.4 GB");
  EXPECT_EQ(parse_bytes("1.5GB"), 1500000000u);
  EXPECT_EQ(parse_bytes("2MiB"), 2097152u);
  EXPECT_EQ(parse_bytes("many"), std::nullopt);
  EXPECT_EQ(parse_bytes("-1"), std::nullopt);
}

TEST(text, puts_pieces_together_and_takes_them_apart) {
  EXPECT_EQ(concat("a", 1, 'b', 2.5), "a1b2.5");
  EXPECT_EQ(split("a,b,", ',').size(), 3u);
  EXPECT_EQ(join({"a", "b"}, ", "), "a, b");
  EXPECT_EQ(replace_all("a'b'", "'", "''"), "a''b''");
}

Result<int> half(int number) {
  if (number % 2 != 0) return Error(ErrorCode::invalid_argument, "odd");
  return number / 2;
}

Result<int> quarter(int number) { return half(TRY(half(number))); }

TEST(result, passes_errors_up) {
  EXPECT_EQ(quarter(8).value(), 2);
  EXPECT_EQ(quarter(6).error().message(), "odd");
  EXPECT_EQ(Error(ErrorCode::failed, "b").within("a").with_hint("Do c.").text(),
            "a: b; hint: Do c.");
}

TEST(text, finds_a_piece_in_time_of_both_lengths_added) {
  EXPECT_EQ(find_text("abcabc", "bc"), 1u);
  EXPECT_EQ(find_text("abcabc", "bc", 2), 4u);
  EXPECT_EQ(find_text("abc", "", 3), 3u);
  EXPECT_EQ(find_text("abc", "", 4), std::string_view::npos);
  EXPECT_EQ(find_text("abc", "x"), std::string_view::npos);
  // Multiplied they would take minutes.
  const std::string many(20'000'000, 'a');
  EXPECT_EQ(find_text(many, many.substr(0, 1'000'000) + "b"), std::string_view::npos);
}

}  // namespace
}  // namespace pawl
