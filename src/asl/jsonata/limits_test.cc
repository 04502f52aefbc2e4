#include <gtest/gtest.h>

#include "asl/jsonata/jsonata.h"
#include "base/text.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

std::string eval(std::string_view text, const Limits& limits = {}) {
  const auto expression = Expression::compile(text);
  if (!expression) return expression.error().code;
  const auto result = expression->evaluate(json::Value(), {}, {Instant(), 1}, limits);
  if (!result) return result.error().code;
  return *result ? json::write(**result) : "undefined";
}

std::string repeated(std::string_view text, size_t count) {
  std::string out;
  for (size_t index = 0; index < count; ++index) out += text;
  return out;
}

TEST(jsonata_limits, endless_recursion_ends) {
  EXPECT_EQ(eval("($f := function($n) { 1 + $f($n) }; $f(1))"), "U1001");
  EXPECT_EQ(eval("($f := function($n) { $map([1], function($x) { $f($x) })[0] }; $f(1))"), "U1001");
}

TEST(jsonata_limits, endless_loops_end) {
  Limits limits;
  limits.steps_max = 10'000;
  EXPECT_EQ(eval("($f := function($n) { $f($n + 1) }; $f(1))", limits), "U1001");
  int asked = 0;
  limits = Limits{};
  limits.is_expired = [&] { return ++asked > 3; };
  EXPECT_EQ(eval("($f := function($n) { $f($n + 1) }; $f(1))", limits), "U1001");
}

TEST(jsonata_limits, deep_brackets_end_before_the_stack_does) {
  for (const char* bracket : {"(", "[", "{\"a\":", "-", "$f(", "a[", "function($x){", "|"})
    EXPECT_EQ(eval(repeated(bracket, 100'000)), "U1001") << bracket;
}

TEST(jsonata_limits, long_chains_of_operators_end_before_the_stack_does) {
  EXPECT_EQ(eval("1" + repeated("+1", 300)), "301");
  EXPECT_EQ(eval("1" + repeated("+1", 100'000)), "U1001");
  EXPECT_EQ(eval("a" + repeated("[0]", 100'000)), "U1001");
  EXPECT_EQ(eval("a" + repeated(".a", 100'000)), "U1001");
}

TEST(jsonata_limits, memory_ends_before_the_machine_does) {
  EXPECT_EQ(eval("$pad('', 1e12)"), "U1001");
  EXPECT_EQ(eval("($f := function($s) { $f($s & $s) }; $f('x'))"), "U1001");
  EXPECT_EQ(eval("($f := function($a) { $f([$a, $a]) }; $f([1]))"), "U1001");
  EXPECT_EQ(eval("$reduce([1..100000], function($a, $b) { {'a': $a} })"), "U1001");
}

TEST(jsonata_limits, what_is_small_only_because_it_shares_its_parts_is_not_written_out) {
  const std::string doubled = "$reduce([1..40], function($a, $b) {{'a': $a, 'b': $a}}, 1)";
  EXPECT_EQ(eval(doubled), "U1001");
  EXPECT_EQ(eval("$count(" + doubled + ".**)"), "U1001");
  EXPECT_EQ(eval("$string(" + doubled + ")"), "U1001");
  EXPECT_EQ(eval("($s := $pad('x', 30000000); [1..100000].$s)"), "U1001");
  EXPECT_EQ(eval("$count($reduce([1..10], function($a, $b) {{'a': $a, 'b': $a}}, 1).**)"), "2047");
}

TEST(jsonata_limits, what_functions_look_through_counts_as_steps) {
  Limits limits;
  limits.steps_max = 20'000;
  const std::string hundred_times = "$count([1..100].(";
  for (const char* work :
       {"$zeros ? 1 : 2", "$zeros = $ones", "1 in $zeros", "$sum($zeros)", "$max($zeros)",
        "$boolean($zeros)", "$zeros and 1", "$contains($text, 'y')", "$distinct($texts)",
        "[1, 2][$zeros]", "$sort($zeros)", "$filter([1], function($x) { $zeros })"})
    EXPECT_EQ(eval(concat("($zeros := [1..1000].(0); $ones := $append([1..999].(0), 1); "
                          "$text := $pad('x', 50000, 'x'); $texts := [$text, $text]; ",
                          hundred_times, work, ")))"),
                   limits),
              "U1001")
        << work;
  EXPECT_EQ(eval(hundred_times + "$))", limits), "100");
}

TEST(jsonata_limits, steps_are_the_same_each_time) {
  const auto expression = Expression::compile("$sum([1..100].($ * 2)) & $now()");
  int64_t first = 0, second = 0;
  for (int64_t* steps : {&first, &second}) {
    Limits limits;
    limits.steps_taken = steps;
    EXPECT_TRUE(expression->evaluate(json::Value(), {}, {Instant(), 1}, limits).has_value());
  }
  EXPECT_GT(first, 100);
  EXPECT_EQ(first, second);
}

TEST(jsonata_limits, a_long_chain_of_closures_dies_without_a_deep_stack) {
  EXPECT_EQ(eval("($f := $reduce([1..200000], function($a, $b) { function($x) { $a } }, 0); 1)"),
            "1");
}

TEST(jsonata_limits, a_regular_expression_that_would_try_for_ever_ends) {
  Limits limits;
  limits.steps_max = 1'000'000;
  const std::string text = "'" + repeated("a", 40) + "!'";
  EXPECT_EQ(eval("$contains(" + text + ", /^(a+)+$/)", limits), "U1001");
  EXPECT_EQ(eval("$contains(" + text + ", /(((a*)*)*)*b/)", limits), "U1001");
}

TEST(jsonata_limits, numbers_that_are_none_stay_out_of_json) {
  EXPECT_EQ(eval("1e308 * 10"), "null");
  EXPECT_EQ(eval("1e308 * 10 + 1"), "D1001");
  EXPECT_EQ(eval("0 / 0"), "null");
  EXPECT_EQ(eval("$round(1e308, 2)"), "1.0E308");
}

TEST(jsonata_limits, half_characters_stay_out_of_json) {
  EXPECT_EQ(eval(R"("\ud800")"), "\"\xEF\xBF\xBD\"");
  EXPECT_EQ(eval(R"("\ud83d" & "\ude00")"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(eval(R"($encodeUrl("\ud800"))"), "D3140");
}

// Expressions of random words: whatever comes out, nothing may break.
TEST(jsonata_limits, soups_of_tokens_are_answered) {
  constexpr std::string_view words[] = {
      "$",        "$$",  "a",        "b.c",    "$x",       ":=",    "(",       ")",      "[",
      "]",        "{",   "}",        "1",      "-2.5",     "'s'",   "\"t\"",   "+",      "-",
      "*",        "/",   "%",        "&",      "and",      "or",    "in",      "=",      "<",
      ">=",       "?",   ":",        ";",      ",",        ".",     "..",      "~>",     "^(",
      "@$v",      "#$i", "**",       "|",      "/a+/i",    "$map",  "$sum(",   "null",   "true",
      "?:",       "??",  "function", "($y)",   "{$y}",     "$sort", "[0]",     "[]",     "`q`",
      "\\",       "\"",  "!",        "$eval(", "$string(", "$each", "$reduce", "$merge", "$split(",
      "\xC3\xA4", "\xFF"};
  uint64_t state = 42;
  const auto random = [&](size_t end) {
    state = state * 6364136223846793005 + 1442695040888963407;
    return static_cast<size_t>(state >> 33) % end;
  };
  Limits limits;
  limits.steps_max = 20'000;
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (size_t count = 1 + random(14); count > 0; --count)
      text.append(words[random(std::size(words))]).append(random(3) == 0 ? " " : "");
    EXPECT_FALSE(eval(text, limits).empty()) << text;
  }
}

}  // namespace
}  // namespace pawl::asl::jsonata
