#include "asl/jsonata/jsonata.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl::jsonata {
namespace {

using testing::ElementsAre;

const Facts noon{Instant(seconds(1'700'000'000)), 7};

json::Value order() {
  return *json::parse(R"({"customer": {"name": "Ada", "mails": ["a@x", "b@x"]},
    "lines": [{"item": "pen", "count": 3, "price": 1.5}, {"item": "ink", "count": 1, "price": 8},
              {"item": "pad", "count": 2, "price": 4.25}]})");
}

// The result as JSON text, "undefined", or the code of what is wrong.
std::string eval(std::string_view text, const json::Value& input = order(),
                 const Bindings& bindings = {}, const Limits& limits = {}) {
  const auto expression = Expression::compile(text);
  if (!expression) return expression.error().code;
  const auto result = expression->evaluate(input, bindings, noon, limits);
  if (!result) return result.error().code;
  return *result ? json::write(**result) : "undefined";
}

std::string eval_states(std::string_view text) {
  const auto expression = Expression::compile(text, Dialect::states);
  if (!expression) return expression.error().code;
  const auto result = expression->evaluate(order(), {}, noon);
  if (!result) return result.error().code;
  return *result ? json::write(**result) : "undefined";
}

TEST(jsonata, walks_paths_and_melts_arrays_into_one_sequence) {
  EXPECT_EQ(eval("customer.name"), R"("Ada")");
  EXPECT_EQ(eval("lines.item"), R"(["pen","ink","pad"])");
  EXPECT_EQ(eval("lines[price > 4].item"), R"(["ink","pad"])");
  EXPECT_EQ(eval("lines[count = 1].item"), R"("ink")");
  EXPECT_EQ(eval("lines[count = 1].item[]"), R"(["ink"])");
  EXPECT_EQ(eval("lines[-1].item"), R"("pad")");
  EXPECT_EQ(eval("nobody.home"), "undefined");
}

TEST(jsonata, writes_whole_numbers_as_integers_and_keeps_large_ones_exact) {
  EXPECT_EQ(eval("0.5 + 0.5"), "1");
  EXPECT_EQ(eval("7 / 2"), "3.5");
  EXPECT_EQ(eval("$string(1e21) & $string(0.1 + 0.2)"), R"("1e+210.3")");
  EXPECT_EQ(eval("id", *json::parse(R"({"id": 9007199254740993})")), "9007199254740993");
}

TEST(jsonata, binds_names_to_steps_and_positions) {
  EXPECT_EQ(eval("lines#$i[$i > 0].($i & item)"), R"(["1ink","2pad"])");
  EXPECT_EQ(eval("lines@$l.$$.customer.mails.($l.item & $)"),
            R"(["pena@x","penb@x","inka@x","inkb@x","pada@x","padb@x"])");
  EXPECT_EQ(eval("lines.item.(% ).price"), "[1.5,8,4.25]");
}

TEST(jsonata, sorts_groups_and_transforms) {
  EXPECT_EQ(eval("lines^(>price).item"), R"(["ink","pad","pen"])");
  EXPECT_EQ(eval("lines{item: count * price}"), R"({"pen":4.5,"ink":8,"pad":8.5})");
  EXPECT_EQ(eval("$ ~> |lines|{'total': count * price}, ['count', 'price']| ~> $lookup('lines')"),
            R"([{"item":"pen","total":4.5},{"item":"ink","total":8},{"item":"pad","total":8.5}])");
}

TEST(jsonata, a_transform_that_holds_what_it_changes_makes_no_circle) {
  EXPECT_EQ(eval("{'a': 1} ~> |$|{'self': $}|"), R"({"a":1,"self":{"a":1}})");
}

TEST(jsonata, functions_close_over_their_frames_and_may_be_applied_in_part) {
  EXPECT_EQ(eval("($add := function($a, $b) { $a + $b }; $add(?, 4)(3))"), "7");
  EXPECT_EQ(eval("($twice := $uppercase ~> $reverse_ ; 1)"), "T2006");
  EXPECT_EQ(eval("($shout := $trim ~> $uppercase; $shout('  hey '))"), R"("HEY")");
  EXPECT_EQ(eval("($y := function($f) { function($n) { $n < 2 ? 1 : $n * $f($f)($n - 1) } };"
                 " $y($y)(5))"),
            "120");
}

TEST(jsonata, calls_in_tail_position_need_no_depth) {
  EXPECT_EQ(eval("($count := function($n) { $n = 0 ? 'done' : $count($n - 1) }; $count(50000))"),
            R"("done")");
}

TEST(jsonata, signatures_take_the_context_and_make_arrays) {
  EXPECT_EQ(eval("customer.name.$length()"), "3");
  EXPECT_EQ(eval("$sum(4)"), "4");
  EXPECT_EQ(eval("$sum(['a'])"), "T0412");
  EXPECT_EQ(eval("$length(1)"), "T0410");
  EXPECT_EQ(eval("function($n)<n:n>{ $n }('a')"), "T0410");
}

TEST(jsonata, errors_have_a_place_a_token_and_a_text) {
  const auto parsed = Expression::compile("[1, 2");
  EXPECT_EQ(parsed.error().code, "S0203");
  EXPECT_EQ(parsed.error().message, "Expected \"]\" before end of expression");
  EXPECT_EQ(parsed.error().position, 5u);
  const auto result = Expression::compile("ä & (1 + 'x')")->evaluate(order(), {}, noon);
  EXPECT_EQ(result.error().code, "T2002");
  EXPECT_EQ(result.error().token, "+");
  EXPECT_EQ(result.error().position, 8u) << "in characters, not bytes";
}

TEST(jsonata, unbound_names_are_listed_with_the_names_behind_them) {
  const auto expression = Expression::compile(
      "$states.input.rows.($x := $limit; $x + $more.a[0].b + $sum(1)) & $$.a & $x");
  EXPECT_THAT(expression->references(), ElementsAre("limit", "more.a", "states.input.rows", "x"));
}

TEST(jsonata, bindings_are_variables) {
  EXPECT_EQ(eval("$given.a + 1", order(), {{"given", *json::parse(R"({"a": 41})")}}), "42");
  EXPECT_EQ(eval("$nobody"), "undefined");
}

TEST(jsonata, a_transformation_changes_a_copy_of_its_own_however_deep) {
  EXPECT_EQ(eval("[$ ~> |lines|{'item': 'x'}, 'price'|, $].lines[0]"),
            R"([{"item":"x","count":3},{"item":"pen","count":3,"price":1.5}])");
  EXPECT_EQ(eval("($one := $ ~> |customer|{'name': 'Bo'}|;"
                 " $two := $one ~> |customer|{'name': $uppercase(name)}|;"
                 " [$, $one, $two].customer.name)"),
            R"(["Ada","Bo","BO"])");
  EXPECT_EQ(eval("($ ~> |**[count = 1]|{'whole': $}|).lines[1].whole.item"), R"("ink")");
  EXPECT_EQ(eval("{'outer': [customer, {'own': lines}]} ~> |outer.own[0]|{'item': 'x'}|"
                 " ~> |outer|{}, ['name', 'mails']|"),
            R"({"outer":[{},{"own":[{"item":"x","count":3,"price":1.5},)"
            R"({"item":"ink","count":1,"price":8},{"item":"pad","count":2,"price":4.25}]}]})");
}

TEST(jsonata, a_match_may_be_replaced_by_what_other_matches_give) {
  EXPECT_EQ(eval(R"($replace('a1b22', /([a-z])(\d+)/, '$2-$1$3$$ '))"), R"("1-a$ 22-b$ ")");
  EXPECT_EQ(eval(R"($replace('a1b22', /([a-z])(\d+)/, function($m) {
                     $replace($m.groups[1], /(\d)/, '<$1>') & $m.groups[0] }))"),
            R"("<1>a<2><2>b")");
  EXPECT_EQ(eval(R"($match('ab', /(a)|(b)/).groups)"), R"(["a",null,null,"b"])");
}

TEST(jsonata, texts_grow_beyond_what_small_pieces_hold) {
  EXPECT_EQ(eval("$length($reduce([1..400], function($text, $n) { $text & $n }, ''))"), "1092");
  EXPECT_EQ(eval("$pad($pad('', 1000, 'ab'), -1003, 'xyz') = 'xyz' & $pad('', 1000, 'ab')"),
            "true");
  EXPECT_EQ(eval("'a' & 1 & nothing & [true] & 'é'"), R"("a1[true]é")");
}

TEST(jsonata, moments_come_from_the_caller) {
  EXPECT_EQ(eval("$millis()"), "1700000000000");
  EXPECT_EQ(eval("$now()"), R"("2023-11-14T22:13:20.000Z")");
  EXPECT_EQ(eval("$now('[D1o] [MNn] [Y] [h]:[m] [P]', '-0530')"),
            R"("14th November 2023 4:43 pm")");
  EXPECT_EQ(eval("$toMillis('14 Nov 2023', '[D] [MNn,*-3] [Y]')"), "1699920000000");
}

TEST(jsonata, pictures_write_numbers) {
  EXPECT_EQ(eval("$formatNumber(12345.678, '#,##0.00')"), R"("12,345.68")");
  EXPECT_EQ(eval("$formatInteger(1987, 'I') & $formatInteger(21, 'w;o')"),
            R"("MCMLXXXVIItwenty-first")");
  EXPECT_EQ(eval("$parseInteger('two thousand and five', 'w')"), "2005");
}

TEST(jsonata, the_dialect_of_states_has_its_own_functions_and_no_eval) {
  EXPECT_EQ(eval_states("$partition([1..5], 2)"), "[[1,2],[3,4],[5]]");
  EXPECT_EQ(eval_states("$range(0, 10, 5)"), "[0,5,10]");
  EXPECT_EQ(eval_states("$range(1, 9, 9)"), "1");
  EXPECT_EQ(eval_states("[$range(1, 9, 9)]"), "[1]");
  EXPECT_EQ(eval_states("$range(9, 1, 9)"), "undefined");
  EXPECT_EQ(eval_states("$hash('a', 'MD5')"), R"("0cc175b9c0f1b6a831c399e269772661")");
  EXPECT_EQ(eval_states("$parse('{\"a\": [1]}').a"), "[1]");
  EXPECT_EQ(eval_states("$random(3) = $random(3)"), "true");
  EXPECT_EQ(eval_states("$uuid() != $uuid() and $length($uuid()) = 36"), "true");
  EXPECT_EQ(eval_states("$eval('1')"), "T1006");
  EXPECT_EQ(eval("$partition([1], 1)"), "T1006");
  EXPECT_EQ(eval("$eval('1 + 1')"), "2");
}

TEST(jsonata, reads_iso_dates) {
  const auto millis = [](std::string_view text) { return eval(concat("$toMillis('", text, "')")); };
  EXPECT_EQ(millis("2017-10-30T16:25:32.935Z"), "1509380732935");
  EXPECT_EQ(millis("2017-10-30T16:25:32.9+01:00"), "1509377132900");
  EXPECT_EQ(millis("2017-10-30T16:25:32-0130"), "1509386132000");
  EXPECT_EQ(millis("2017-10-30"), "1509321600000");
  EXPECT_EQ(millis("2017-10"), "1506816000000");
  EXPECT_EQ(millis("2017"), "1483228800000");
  EXPECT_EQ(millis("2017-30"), "1485734400000");    // no month: the 30th of January
  EXPECT_EQ(millis("2017-0530"), "1483248600000");  // no day: a zone
  EXPECT_EQ(millis("2017-10-30T24:00:00Z"), "1509408000000");
  for (const char* text : {"", "17", "2017-1-1", "2017-10-30T16:25", "2017-10-30T16:25:61",
                           "2017-10-30Z1", "2017-10-30T16:25:32.Z", "2017-10-30T16:25:32+1"})
    EXPECT_EQ(millis(text), "D3110") << text;
}

}  // namespace
}  // namespace pawl::asl::jsonata
