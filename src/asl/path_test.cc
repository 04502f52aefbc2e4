#include "asl/path.h"

#include <gtest/gtest.h>

#include "json/parse.h"
#include "json/write.h"

namespace pawl::asl {
namespace {

using json::Value;

Value parse(std::string_view text) { return json::parse(text).value(); }

const Value context = parse(R"({"Execution":{"Name":"run 7"}})");

// The value at the path as JSON, or the failure's cause.
std::string read(std::string_view path, const Value& input) {
  auto compiled = Path::parse(path);
  if (!compiled) return compiled.error().message();
  const auto value = compiled->read(Scope{input, context});
  return value ? json::write(*value) : value.error().cause;
}

const Value library = parse(R"({
  "books": [{"title": "A", "price": 8, "tags": ["x", "y"]},
            {"title": "B", "price": 12.5, "sold": true},
            {"title": "C", "price": 22, "sold": false, "next": {"price": 1}}],
  "a b": {"it's": 1, "d.e": 2},
  "limit": 10, "none": null, "é": "accent"})");

struct Row {
  const char* path;
  const char* result;
};

TEST(path, refuses_what_is_not_utf8) {
  for (const char* text : {"$.a\xC3", "$['\xFF']", "$.\xED\xA0\x80"})
    EXPECT_FALSE(Path::parse(text).has_value()) << text;
  EXPECT_TRUE(Path::parse("$.gr\xC3\xB6\xC3\x9F"
                          "e")
                  .has_value());
}

TEST(path, reads_a_reference) {
  for (const Row& row : std::vector<Row>{{"$.limit", "10"},
                                         {"$['limit']", "10"},
                                         {"$[\"limit\"]", "10"},
                                         {"$.none", "null"},
                                         {"$.é", "\"accent\""},
                                         {"$['a b']['it\\'s']", "1"},
                                         {"$['a b'].['d.e']", "2"},
                                         {"$['\\u006cimit']", "10"},
                                         {"$.books[1].title", "\"B\""},
                                         {"$.books[-1].title", "\"C\""},
                                         {"$.books[ 0 ].tags[1]", "\"y\""},
                                         {"$$.Execution.Name", "\"run 7\""},
                                         {"$$['Execution']", R"({"Name":"run 7"})"}})
    EXPECT_EQ(read(row.path, library), row.result) << row.path;
  EXPECT_EQ(read("$", parse("[1]")), "[1]");
}

TEST(path, gives_an_array_where_several_values_may_match) {
  for (const Row& row : std::vector<Row>{{"$.books[*].title", R"(["A","B","C"])"},
                                         {"$.books.*.title", R"(["A","B","C"])"},
                                         {"$.books[0,2].title", R"(["A","C"])"},
                                         {"$.books[0]['title','price']", R"(["A",8])"},
                                         {"$.books[1:].title", R"(["B","C"])"},
                                         {"$.books[:-1].title", R"(["A","B"])"},
                                         {"$.books[-2:].title", R"(["B","C"])"},
                                         {"$.books[::2].title", R"(["A","C"])"},
                                         {"$.books[5:9]", "[]"},
                                         {"$.books[0].tags[*]", R"(["x","y"])"},
                                         {"$..price", "[8,12.5,22,1]"},
                                         {"$..['price']", "[8,12.5,22,1]"},
                                         {"$.books..tags[0]", R"(["x"])"},
                                         {"$.limit[*]", "[]"},
                                         {"$.missing[*].name", "[]"},
                                         {"$.missing.deeper[1:]", "[]"},
                                         {"$..missing", "[]"}})
    EXPECT_EQ(read(row.path, library), row.result) << row.path;
}

TEST(path, filters_arrays) {
  for (const Row& row : std::vector<Row>{
           {"$.books[?(@.price < 10)].title", R"(["A"])"},
           {"$.books[?(@.price >= 12.5)].title", R"(["B","C"])"},
           {"$.books[?(@.price > $.limit)].title", R"(["B","C"])"},
           {"$.books[?(@.title == 'B')].price", "[12.5]"},
           {"$.books[?(@['title'] != \"B\")].price", "[8,22]"},
           {"$.books[?(@.sold)].title", R"(["B","C"])"},
           {"$.books[?(!@.sold)].title", R"(["A"])"},
           {"$.books[?(@.sold == true)].title", R"(["B"])"},
           {"$.books[?(@.sold == null)].title", "[]"},
           {"$.books[?(@.price < 10 || @.price > 20 && @.sold)].title", R"(["A","C"])"},
           {"$.books[?((@.price < 10 || @.price > 20) && @.sold)].title", R"(["C"])"},
           {"$.books[?(!(@.price < 10) && @.title < 'C')].title", R"(["B"])"},
           {"$.books[?(@.next.price == 1)].title", R"(["C"])"},
           {"$.books[?(@.tags[?(@ == 'y')])].title", R"(["A","B","C"])"},
           {"$.books[?(@.title in ['A', 'C'])].price", "[8,22]"},
           {"$.books[?(@.title nin ['A', 'C'])].price", "[12.5]"},
           {"$.books[?(@.tags contains 'y')].title", R"(["A"])"},
           {"$.books[?(@.tags size 2)].title", R"(["A"])"},
           {"$.books[?(@.title < 5)].title", "[]"},
           {"$.books[0].tags[?(@ > 'x')]", R"(["y"])"},
           {"$.books[?(@.price==8)].title", R"(["A"])"}})
    EXPECT_EQ(read(row.path, library), row.result) << row.path;
}

TEST(path, calls_functions_at_its_end) {
  for (const Row& row : std::vector<Row>{{"$.books.length()", "3"},
                                         {"$..price.max()", "22"},
                                         {"$..price.min()", "1"},
                                         {"$..price.sum()", "43.5"},
                                         {"$.books[0].tags.first()", "\"x\""},
                                         {"$.books[0].tags.last()", "\"y\""},
                                         {"$['a b'].keys()", R"(["it's","d.e"])"},
                                         {"$.missing[*].length()", "0"}})
    EXPECT_EQ(read(row.path, library), row.result) << row.path;
}

TEST(path, says_where_it_found_nothing) {
  const Value input = parse(R"({"a":{"b":1},"list":[1]})");
  for (const Row& row : std::vector<Row>{
           {"$.x", "Invalid path '$.x' : No results for path: $['x']"},
           {"$.a.x", "Invalid path '$.a.x' : No results for path: $['a']['x']"},
           {"$.x.y.z", "Invalid path '$.x.y.z' : Missing property in path $['x']"},
           {"$.list[3]", "Invalid path '$.list[3]' : No results for path: $['list'][3]"},
           {"$.a.b.c",
            "Invalid path '$.a.b.c' : Expected to find an object with property ['c'] in path "
            "$['a']['b'] but found 'number'"},
           {"$.a[0]",
            "Invalid path '$.a[0]' : Expected to find an array in path $['a'] but found 'object'"}})
    EXPECT_EQ(read(row.path, input), row.result) << row.path;
}

TEST(path, may_begin_with_a_variable) {
  const Value input = Value::object(), context;
  const Value variables =
      Value::object({{"größe_1", Value::array({1, Value::object({{"x", 2}})})}});
  const Scope scope{.input = input, .context = context, .variables = &variables};
  const auto path = Path::parse("$größe_1[1].x");
  EXPECT_EQ(path->variable(), "größe_1");
  EXPECT_EQ(path->read(scope).value(), Value(2));
  EXPECT_TRUE(path->is_present(scope));
  const auto absent = Path::parse("$absent.x");
  EXPECT_FALSE(absent->is_present(scope));
  EXPECT_EQ(absent->read(scope).error().cause,
            "Invalid path '$absent.x' : The variable $absent has no value");
}

TEST(path, refuses_what_is_no_path_and_says_where) {
  for (const char* text : {"",
                           "a",
                           "$.",
                           "$..",
                           "$.a.",
                           "$[",
                           "$[]",
                           "$['a",
                           "$['a'",
                           "$[a]",
                           "$[1",
                           "$[1,]",
                           "$[::0]",
                           "$.a b",
                           "$.a]",
                           "$.a()",
                           "$.length().x",
                           "$[?(@.a]",
                           "$[?@.a]",
                           "$[?(@.a ==)]",
                           "@.a",
                           "$[?()]",
                           "$['\\u12']",
                           "$.a.length(1)",
                           " $.a",
                           "$.a "})
    EXPECT_FALSE(Path::parse(text).has_value()) << text;
  EXPECT_EQ(Path::parse("$.a[?(@.b ~ 1)]").error().message(),
            "'$.a[?(@.b ~ 1)]' is no JSONPath: ) is missing at character 11");
  EXPECT_FALSE(Path::parse("$" + std::string(100'000, '[')).has_value());
  EXPECT_FALSE(Path::parse("$[?(" + std::string(100'000, '!') + "@.a)]").has_value());
  EXPECT_FALSE(Path::parse("$[?(" + std::string(100'000, '(') + "@.a)]").has_value());
}

TEST(path, knows_what_is_a_reference) {
  for (const char* text : {"$", "$.a", "$['a'][0]", "$$.a"})
    EXPECT_TRUE(Path::parse(text).value().is_reference()) << text;
  for (const char* text : {"$.a[*]", "$..a", "$[0,1]", "$['a','b']", "$[0:1]", "$.a.length()"})
    EXPECT_FALSE(Path::parse(text).value().is_reference()) << text;
}

TEST(path, is_present_where_it_names_something) {
  const Value input = parse(R"({"a":null,"list":[]})");
  const auto is_present = [&input](std::string_view path) {
    return Path::parse(path).value().is_present(Scope{input, context});
  };
  EXPECT_TRUE(is_present("$.a"));
  EXPECT_FALSE(is_present("$.b"));
  EXPECT_FALSE(is_present("$.list[0]"));
  EXPECT_FALSE(is_present("$.list[*]"));
}

TEST(path, writes_and_makes_objects_on_the_way) {
  struct Write {
    const char* path;
    const char* root;
    const char* result;
  };
  for (const Write& row :
       std::vector<Write>{{"$", R"({"a":1})", "7"},
                          {"$.r", R"({"a":1})", R"({"a":1,"r":7})"},
                          {"$.a", R"({"a":1,"b":2})", R"({"a":7,"b":2})"},
                          {"$.x.y.z", R"({"a":1})", R"({"a":1,"x":{"y":{"z":7}}})"},
                          {"$.x.y", R"({"x":{"k":1}})", R"({"x":{"k":1,"y":7}})"},
                          {"$.l[1]", R"({"l":[1,2]})", R"({"l":[1,7]})"}})
    EXPECT_EQ(json::write(Path::parse(row.path).value().write(parse(row.root), 7).value()),
              row.result);
}

TEST(path, does_not_write_into_what_is_no_object) {
  for (const auto& [path, root] : std::vector<std::pair<const char*, const char*>>{
           {"$.a.b", R"({"a":1})"}, {"$.a", "[1]"}, {"$.a[2]", R"({"a":[1]})"}, {"$.a", "\"x\""}}) {
    const auto written = Path::parse(path).value().write(parse(root), 7);
    ASSERT_FALSE(written.has_value()) << path;
    EXPECT_EQ(written.error().error, "States.ResultPathMatchFailure");
  }
}

TEST(path, stops_before_it_fills_the_memory) {
  Value::Array row(100, Value(1)), square(100, Value(row)), cube(100, Value(square));
  const Value input(std::move(cube));
  EXPECT_EQ(read("$..*..*", input), "Invalid path '$..*..*' : The path refers to too many values");
  EXPECT_EQ(read("$[?(@.x in $..x)]", input),
            "Invalid path '$[?(@.x in $..x)]' : The path refers to too many values");
}

}  // namespace
}  // namespace pawl::asl
