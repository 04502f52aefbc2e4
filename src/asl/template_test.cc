#include "asl/template.h"

#include <gtest/gtest.h>

#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

Value parse(std::string_view text) { return json::parse(text).value(); }

// The payload as JSON; or the failure as "error: cause"; or what is wrong with the template.
std::string evaluate(std::string_view payload, std::string_view input, uint64_t entropy = 0) {
  auto compiled = Template::compile(parse(payload));
  if (!compiled) return compiled.error().front().error.message();
  const Value in = parse(input), context = parse(R"({"Execution":{"Id":"e"}})");
  const auto value = compiled->evaluate(Scope{in, context, entropy});
  return value ? json::write(*value) : value.error().error + ": " + value.error().cause;
}

// The value of one expression.
std::string value_of(std::string_view expression, std::string_view input = "{}") {
  const Value payload = Value::object({{"v.$", expression}});
  const std::string text = evaluate(json::write(payload), input);
  return text.starts_with("{\"v\":") ? text.substr(5, text.size() - 6) : text;
}

TEST(template, replaces_members_that_end_in_dollar) {
  EXPECT_EQ(evaluate(R"({"a.$":"$.x","b":[{"c.$":"$$.Execution.Id"}],"d":{"e":"$.x"}})",
                     R"({"x":{"y":1}})"),
            R"({"a":{"y":1},"b":[{"c":"e"}],"d":{"e":"$.x"}})");
  EXPECT_EQ(evaluate(R"([1,"text",null])", "{}"), R"([1,"text",null])");
}

TEST(template, fails_where_a_path_names_nothing) {
  EXPECT_EQ(evaluate(R"({"v.$":"$.no"})", R"({"a":1})"),
            "States.Runtime: The JSONPath '$.no' specified for the field 'v.$' could not be found "
            "in the input '{\"a\":1}'");
  EXPECT_EQ(evaluate(R"json({"v.$":"States.Array($.no)"})json", R"({"a":1})"),
            "States.Runtime: The function 'States.Array($.no)' had the following error: The "
            "JsonPath argument for the field '$.no' could not be found in the input '{\"a\":1}'");
}

TEST(template, refuses_what_is_no_expression) {
  for (const char* expression : {"\"x\"", "1", "\"$.a[\"", "\"States.No()\"", "\"\"", "null"})
    EXPECT_EQ(evaluate(std::string(R"({"v.$":)") + expression + "}", "{}"),
              "The value for the field 'v.$' must be a valid JSONPath or a valid intrinsic "
              "function call");
  EXPECT_EQ(evaluate(R"({"a":1,"a.$":"$"})", "{}"), "The field 'a' is given twice");
}

struct Row {
  const char* expression;
  const char* result;
};

TEST(intrinsic, works_on_arrays) {
  const char* input = R"({"a":[1,2,2,{"k":1},{"k":1}],"n":2})";
  for (const Row& row :
       std::vector<Row>{{"States.Array()", "[]"},
                        {"States.Array(1, 'a', null, true, $.n)", R"([1,"a",null,true,2])"},
                        {"States.ArrayPartition($.a, 2)", R"([[1,2],[2,{"k":1}],[{"k":1}]])"},
                        {"States.ArrayPartition($.a, 9)", R"([[1,2,2,{"k":1},{"k":1}]])"},
                        {"States.ArrayContains($.a, 2)", "true"},
                        {"States.ArrayContains($.a, '2')", "false"},
                        {"States.ArrayContains($.a, $.a[3])", "true"},
                        {"States.ArrayRange(1, 9, 4)", "[1,5,9]"},
                        {"States.ArrayRange(3, 1, -1)", "[3,2,1]"},
                        {"States.ArrayRange(1, 0, 1)", "[]"},
                        {"States.ArrayGetItem($.a, 0)", "1"},
                        {"States.ArrayLength($.a)", "5"},
                        {"States.ArrayUnique($.a)", R"([1,2,{"k":1}])"}})
    EXPECT_EQ(value_of(row.expression, input), row.result) << row.expression;
}

TEST(intrinsic, works_on_much) {
  json::Value::Array objects;
  for (int64_t i = 0; i < 400'000; ++i)
    objects.push_back(json::Value::object({{"n", i % 200'000}}));
  const json::Value input = json::Value::object(
      {{"a", json::Value(std::move(objects))}, {"t", std::string(5'000'000, 'a')}});
  const std::string text = json::write(input);
  EXPECT_EQ(value_of("States.ArrayLength(States.ArrayUnique($.a))", text.c_str()), "200000");
  EXPECT_EQ(value_of("States.ArrayLength(States.StringSplit($.t, $.t))", text.c_str()), "0");
}

TEST(intrinsic, works_on_text) {
  const char* input = R"({"name":"Ann","o":{"k":[1,"x"],"e":{}}})";
  for (const Row& row : std::vector<Row>{
           {"States.Format('Hi {}, {}', $.name, 3)", R"("Hi Ann, 3")"},
           {"States.Format('none')", R"("none")"},
           {"States.Format('{}{}', null, true)", R"("nulltrue")"},
           {"States.Format('\\{\\} it\\'s \\\\ {}', 1)", R"("{} it's \\ 1")"},
           {"States.Format('{}', $.o)", R"("{k=[1, x], e={}}")"},
           {"States.Format('a {b} {', 'c')",
            "States.IntrinsicFailure: The function 'States.Format('a {b} {', 'c')' had the "
            "following error: The number of {} placeholders is 0 but the number of values is 1"},
           {"States.StringSplit('a.b+c..d', '.+')", R"(["a","b","c","d"])"},
           {"States.StringSplit('', ',')", "[]"},
           {"States.StringSplit('abc', '')", R"(["abc"])"},
           {"States.StringToJson('\\{\"a\":[1]\\}')", R"({"a":[1]})"},
           {"States.StringToJson('')", "null"},
           {"States.JsonToString($.o)", R"("{\"k\":[1,\"x\"],\"e\":{}}")"},
           {"States.JsonMerge($.o, States.StringToJson('{\"k\":0,\"n\":1}'), false)",
            R"({"k":0,"e":{},"n":1})"}})
    EXPECT_EQ(value_of(row.expression, input), row.result) << row.expression;
}

TEST(intrinsic, encodes_and_hashes) {
  for (const Row& row : std::vector<Row>{
           {"States.Base64Encode('abc')", R"("YWJj")"},
           {"States.Base64Decode('YWJj')", R"("abc")"},
           {"States.Base64Decode('/w==')", "\"\xEF\xBF\xBD\""},
           {"States.Hash('abc', 'MD5')", R"("900150983cd24fb0d6963f7d28e17f72")"},
           {"States.Hash('abc', 'SHA-1')", R"("a9993e364706816aba3e25717850c26c9cd0d89d")"},
           {"States.Hash('abc', 'SHA-256')",
            R"("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")"}})
    EXPECT_EQ(value_of(row.expression), row.result) << row.expression;
}

TEST(intrinsic, calculates_with_rounded_numbers) {
  for (const Row& row : std::vector<Row>{{"States.MathAdd(111, -1)", "110"},
                                         {"States.MathAdd(1.5, 0)", "2"},
                                         {"States.MathAdd(-1.5, 0)", "-1"},
                                         {"States.MathAdd(1.49, 1.5)", "3"}})
    EXPECT_EQ(value_of(row.expression), row.result) << row.expression;
}

TEST(intrinsic, fails_on_arguments_it_cannot_take) {
  for (const char* expression :
       {"States.ArrayPartition($.a, 0)", "States.ArrayPartition(1, 1)",
        "States.ArrayRange(1, 5, 0)", "States.ArrayRange(0, 1000, 1)",
        "States.ArrayGetItem($.a, 1)", "States.ArrayGetItem($.a, -1)", "States.ArrayLength('a')",
        "States.ArrayUnique($)", "States.Base64Encode(1)", "States.Base64Decode('?')",
        "States.Hash('a', 'SHA-2')", "States.JsonMerge($, 1, false)",
        "States.JsonMerge($, $, true)", "States.MathAdd('a', 1)", "States.MathAdd(2147483647, 1)",
        "States.MathRandom(3, 3)", "States.StringSplit(1, 'a')", "States.StringToJson('a')",
        "States.Base64Encode($.long)"}) {
    const std::string input = R"({"a":[0],"long":")" + std::string(10'001, 'x') + "\"}";
    EXPECT_TRUE(value_of(expression, input).starts_with("States.IntrinsicFailure")) << expression;
  }
}

TEST(intrinsic, is_refused_when_it_is_not_well_formed) {
  for (const char* expression :
       {"States.Array(", "States.Array(1", "States.Array(1,)", "States.Array(1))", "States.Array 1",
        "States.Array('a)", "States.Array('\\a')", "States.Array(\"a\")", "States.Array(x)",
        "States.UUID(1)", "States.Hash('a')", "States.array()", "States.Format()"})
    EXPECT_TRUE(value_of(expression).starts_with("The value for the field")) << expression;
}

TEST(intrinsic, nests_ten_calls_and_no_more) {
  std::string nested = "1";
  for (int depth = 0; depth < 10; ++depth) nested = "States.Array(" + nested + ")";
  EXPECT_EQ(value_of(nested), "[[[[[[[[[[1]]]]]]]]]]");
  EXPECT_TRUE(value_of("States.Array(" + nested + ")").starts_with("The value for the field"));
}

TEST(intrinsic, is_random_by_the_entropy_it_is_given) {
  const char* payload = R"json({"a.$":"States.UUID()","b.$":"States.UUID()"})json";
  const Value first = parse(evaluate(payload, "{}", 1));
  EXPECT_EQ(json::write(first), evaluate(payload, "{}", 1));
  EXPECT_NE(json::write(first), evaluate(payload, "{}", 2));
  EXPECT_NE(first["a"], first["b"]);
  const std::string uuid = first.string_at("a").value();
  ASSERT_EQ(uuid.size(), 36u);
  EXPECT_EQ(uuid[14], '4');
  EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
}

TEST(intrinsic, draws_random_numbers_within_the_range) {
  const char* drawing = R"json({"v.$":"States.MathRandom(-2, 1)"})json";
  for (uint64_t entropy = 0; entropy < 200; ++entropy) {
    const auto drawn = parse(evaluate(drawing, "{}", entropy));
    EXPECT_GE(drawn.integer_at("v").value(), -2);
    EXPECT_LT(drawn.integer_at("v").value(), 1);
  }
  const char* seeded = R"json({"v.$":"States.MathRandom(0, 1000000, 42)"})json";
  EXPECT_EQ(evaluate(seeded, "{}", 1), evaluate(seeded, "{}", 2));
}

}  // namespace
}  // namespace pawl::asl
