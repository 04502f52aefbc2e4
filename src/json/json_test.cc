#include <gtest/gtest.h>

#include "base/text.h"
#include "json/digest.h"
#include "json/initials.h"
#include "json/parse.h"
#include "json/value.h"
#include "json/write.h"

namespace pawl::json {
namespace {

std::string round_trip(std::string_view text) {
  auto value = parse(text);
  return value ? write(*value) : value.error().message();
}

TEST(number, that_is_too_large_is_refused_by_name) {
  for (const char* number :
       {"18446744073709551616", "-9223372036854775809", "12345678901234567890123", "1e400"}) {
    const auto read = parse(concat(R"({"text": "\\\" 1e999", "id": [1, )", number, "]}"));
    ASSERT_FALSE(read.has_value()) << number;
    EXPECT_EQ(read.error().code(), ErrorCode::limit_exceeded);
    EXPECT_NE(read.error().message().find(concat("number ", number, " is")), std::string::npos)
        << read.error().message();
  }
  EXPECT_EQ(write(parse("[9223372036854775807, -9223372036854775808, 1e308]").value()),
            "[9223372036854775807,-9223372036854775808,1.0E308]");
  EXPECT_EQ(parse("[1.2.3]").error().code(), ErrorCode::invalid_argument);
}

TEST(json, writes_what_it_read_in_the_same_order_and_form) {
  for (const char* text :
       {"null", "true", "0", "-7", "9223372036854775807", "1.5", "2.0", "1.0E-7", "\"a\\\"\\n\"",
        "[]", "{}", "[1,[2,{\"b\":1,\"a\":2}]]", "\"\\u0001é😀\"", "\"/\""})
    EXPECT_EQ(round_trip(text), text);
}

TEST(json, keeps_the_last_of_two_members_with_one_name) {
  EXPECT_EQ(round_trip(R"({"a":1,"b":2,"a":3})"), R"({"a":3,"b":2})");
  std::string large = "{";
  for (int i = 0; i < 40; ++i) large += concat("\"k", i % 20, "\":", i, i < 39 ? "," : "}");
  auto value = parse(large);
  ASSERT_TRUE(value);
  EXPECT_EQ(value->size(), 20u);
  EXPECT_EQ((*value)["k3"], Value(23));
}

TEST(json, finds_members_whose_names_differ_in_one_character_only) {
  for (size_t size = 1; size <= 40; ++size)
    for (size_t at = 0; at < size; ++at) {
      std::string other(size, 'a');
      other[at] = 'b';
      const Value object = Value::object({{other, 1}, {std::string(size, 'a'), 2}});
      EXPECT_EQ(object[std::string(size, 'a')], Value(2)) << size << " " << at;
      EXPECT_EQ(object[other], Value(1)) << size << " " << at;
      EXPECT_EQ(object.size(), 2u);
    }
}

TEST(json, refuses_what_is_not_json) {
  for (const char* text : {"", "  ", "{", "{\"a\":}", "[1,]", "nul", "\"\\x\"", "1 2", "\"\xff\""})
    EXPECT_FALSE(parse(text)) << text;
}

TEST(json, refuses_nesting_without_end) {
  EXPECT_FALSE(parse(std::string(100000, '[')));
  EXPECT_TRUE(parse(std::string(400, '[') + std::string(400, ']')));
}

TEST(json, knows_how_deep_and_how_large_a_value_is) {
  EXPECT_EQ(Value(1).depth(), 0u);
  EXPECT_EQ(parse("[[],{\"a\":[1]}]")->depth(), 3u);
  EXPECT_EQ(parse("\"0123456789\"")->text_size(), 12u);
  Value doubled = "some text";
  for (int turn = 0; turn < 200; ++turn) doubled = Value::array({doubled, doubled});
  EXPECT_EQ(doubled.depth(), 200u);
  EXPECT_GT(doubled.text_size(), size_t{1} << 50);
}

TEST(json, reads_again_what_is_as_deep_as_is_allowed) {
  EXPECT_TRUE(parse(std::string(depth_max, '[') + std::string(depth_max, ']')));
  EXPECT_FALSE(parse(std::string(depth_max + 1, '[') + std::string(depth_max + 1, ']')));
}

TEST(json, compares_by_value_and_not_by_order) {
  EXPECT_EQ(*parse(R"({"a":1,"b":[1,2]})"), *parse(R"({"b":[1.0,2],"a":1})"));
  EXPECT_FALSE(*parse("[1]") == *parse("[1,2]"));
  EXPECT_FALSE(Value("1") == Value(1));
}

TEST(json, compares_what_shares_its_parts_without_writing_it_out) {
  Value left = "some text", right = "some text", other = "some test";
  for (int turn = 0; turn < 200; ++turn) {
    left = Value::array({left, left});
    right = Value::array({right, right});
    other = Value::array({other, other});
  }
  EXPECT_EQ(left, right);
  EXPECT_FALSE(left == other);
}

TEST(json, finds_a_member_where_it_was_the_last_time_and_elsewhere) {
  const Value first = *parse(R"({"a":1,"b":2})"), second = *parse(R"({"b":3,"a":4})");
  uint32_t place = 0;
  EXPECT_EQ(*first.find("b", place), Value(2));
  EXPECT_EQ(place, 1u);
  EXPECT_EQ(*second.find("b", place), Value(3));
  EXPECT_EQ(place, 0u);
  EXPECT_EQ(second.find("c", place), nullptr);
  place = 7;
  EXPECT_EQ(*first.find("a", place), Value(1));
}

TEST(json, begins_the_names_of_members_with_another_letter_but_for_those_that_users_have_chosen) {
  constexpr std::string_view of_users[] = {"tags"};
  const Value api =
      parse(R"({"jobName":"a","list":[{"aB":1}],"tags":{"Own":{"X":1}},"":2})").value();
  const Value task =
      parse(R"({"JobName":"a","List":[{"AB":1}],"Tags":{"Own":{"X":1}},"":2})").value();
  EXPECT_EQ(with_initials(api, Initial::capital, of_users), task);
  EXPECT_EQ(with_initials(task, Initial::small, of_users), api);
}

TEST(json, tells_utf8_from_other_bytes_wherever_they_stand) {
  EXPECT_TRUE(is_utf8(""));
  for (size_t before = 0; before < 10; ++before) {
    const auto in_text = [&](std::string_view bytes) {
      return concat(std::string(before, 'a'), bytes, "nothing but ASCII");
    };
    EXPECT_TRUE(is_utf8(in_text("\xC3\xAF"))) << before;
    EXPECT_TRUE(is_utf8(in_text("\xF4\x8F\xBF\xBF"))) << before;
    EXPECT_FALSE(is_utf8(in_text("\xC3"))) << before;
    EXPECT_FALSE(is_utf8(in_text("\xC0\x80"))) << before;          // longer than needed
    EXPECT_FALSE(is_utf8(in_text("\xED\xA0\x80"))) << before;      // half of a pair
    EXPECT_FALSE(is_utf8(in_text("\xF4\x90\x80\x80"))) << before;  // beyond Unicode
    EXPECT_FALSE(is_utf8(std::string(before, 'a') + "\xE2\x82")) << before;
  }
}

TEST(json, shows_a_character_whole_and_with_its_code_point) {
  EXPECT_EQ(shown_character("ab", 1), "'b' (code 98)");
  EXPECT_EQ(shown_character("a\xC3\xA9z", 1), "'\xC3\xA9' (code 233 / 0xe9)");
  EXPECT_EQ(shown_character("\xE2\x82\xAC", 0), "'\xE2\x82\xAC' (code 8364 / 0x20ac)");
  EXPECT_EQ(shown_character("\xF0\x9F\x98\x80!", 0), "'\xF0\x9F\x98\x80' (code 128512 / 0x1f600)");
}

TEST(json, shows_a_byte_that_begins_no_character_as_its_number) {
  EXPECT_EQ(shown_character("\xF0\x9F", 0), "code 240 / 0xf0");
  EXPECT_EQ(shown_character("\xC3z", 0), "code 195 / 0xc3");
  EXPECT_EQ(shown_character("\xED\xA0\x80", 0), "code 237 / 0xed");
}

TEST(json, writes_no_other_bytes_than_utf8) {
  const Value damaged = Value::object({{"h\xE5llo", "\xC3\xA5 \xE5 \n\xC3"}});
  EXPECT_EQ(write(damaged), "{\"h\uFFFDllo\":\"\u00E5 \uFFFD \\n\uFFFD\"}");
  EXPECT_TRUE(parse(write_pretty(damaged)).has_value());
}

TEST(json, shares_instead_of_copying) {
  const Value big = Value::array({1, 2, 3});
  const Value same = big;
  EXPECT_EQ(big.identity(), same.identity());
  const Value changed = Value::object({{"a", big}}).with("b", 1).without("a").with("c", big);
  EXPECT_EQ(changed.find("c")->identity(), big.identity());
  EXPECT_EQ(write(changed), R"({"b":1,"c":[1,2,3]})");
}

TEST(json_digest, is_the_same_for_equal_values) {
  Digest digest;
  const auto value = [](const char* text) { return *parse(text); };
  const Value left = value(R"({"a": [1, "x"], "b": {"c": null}})");
  const Value right = value(R"({"b": {"c": null}, "a": [1.0, "x"]})");
  ASSERT_EQ(left, right);
  EXPECT_EQ(digest(left), digest(right));
  const Value other = value(R"({"a": [1, "y"], "b": {"c": null}})");
  EXPECT_NE(digest(left), digest(other));
  EXPECT_NE(digest(value("[1,2]")), digest(value("[2,1]")));
}

}  // namespace
}  // namespace pawl::json
