#include <algorithm>

#include "asl/jsonata/jsonata.h"
#include "asl/parse.h"
#include "asl/path.h"
#include "asl/template.h"
#include "execution/execution.h"
#include "fuzz.h"
#include "json/parse.h"
#include "json/write.h"

// The texts of the language: definitions, paths, intrinsic functions, JSONata expressions.

namespace pawl::fuzz {
namespace {

using json::Value;

const Value& document() {
  static const Value value =
      json::parse(R"json({"a": {"b": [1, 2.5, -3, "text", null, true, {"c": "d"}]}, "n": 7,
        "text": "Grüße, \ud83d\ude00", "items": [{"price": 8, "tags": ["x", "y"]}, {"price": 12}],
        "when": "2026-01-02T03:04:05Z", "empty": {}, "none": [], "deep": [[[[[[1]]]]]]})json")
          .value();
  return value;
}

asl::Scope scope() {
  return {.input = document(), .context = document(), .entropy = 7, .variables = &document()};
}

// What is made of a text must be a text itself that reads as the same value.
void check_value(const Value& value) {
  const std::string written = json::write(value);
  const auto again = json::parse(written);
  require(again.has_value() || value.depth() > json::depth_max, "a value does not read back");
}

// Texts come out of JSON, which has no broken characters: the parser of the definition refuses
// them.
bool can_come(const std::string& text) { return json::parse(json::write(Value(text))).has_value(); }

// Runs a machine for some commands, answering its tasks as the seed says.
void drive(const asl::Machine& machine, Random& random) {
  execution::Execution run(machine, {.execution_arn = "arn:aws:states:r:0:execution:m:e",
                                     .execution_name = "e",
                                     .machine_arn = "arn:aws:states:r:0:stateMachine:m",
                                     .machine_name = "m",
                                     .role_arn = "role",
                                     .started = Instant(seconds(1'800'000'000)),
                                     .input = document()});
  execution::Facts facts{.now = run.identity().started, .entropy = random()};
  std::vector<std::string> records{run.decide(execution::Begin{}, facts).record};
  for (int commands = 0; commands < 20 && run.status() == execution::Status::running; ++commands) {
    const auto pending = run.pending();
    require(!pending.empty(), "an execution waits for nothing");
    const auto& effect = pending[random() % pending.size()];
    facts.entropy = random();
    execution::Command command = execution::Stop{"E", "c"};
    if (const auto* task = std::get_if<execution::StartTask>(&effect)) {
      command = execution::TaskSucceeded{task->id, document()};
      if (random() % 3 == 0) command = execution::TaskFailed{task->id, "E", "c"};
    } else if (const auto* timer = std::get_if<execution::SetTimer>(&effect)) {
      // Records hold moments of some years, and no execution runs longer.
      if (timer->due - run.identity().started > hours(24 * 365 * 10)) return;
      facts.now = std::max(facts.now, timer->due);
      command = execution::TimerDue{timer->id};
    }
    records.push_back(run.decide(command, facts).record);
  }
  execution::Execution again(machine, run.identity());
  for (const auto& record : records) {
    if (record.empty()) continue;
    const auto replayed = again.replay(record);
    require(replayed.has_value(), replayed ? "" : "no replay: " + replayed.error().message());
  }
  require(again.status() == run.status(), "the replay ends otherwise");
}

void run_definition(const std::string& text, Random& random) {
  const auto parsed = asl::parse_definition(text);
  bool has_error = false;
  for (const auto& found : parsed.diagnostics) {
    has_error |= found.severity == asl::Severity::error;
    require(!found.message.empty(), "a diagnostic says nothing");
  }
  require(has_error == (parsed.machine == nullptr), "a machine is refused without an error");
  if (parsed.machine != nullptr) drive(*parsed.machine, random);
}

void run_path(const std::string& text, Random&) {
  if (!can_come(text)) return;
  const auto path = asl::Path::parse(text);
  if (!path) return;
  if (const auto read = path->read(scope())) check_value(*read);
  (void)path->is_present(scope());
  if (path->is_reference())
    if (const auto written = path->write(document(), Value("in"))) check_value(*written);
}

void run_intrinsic(const std::string& text, Random&) {
  if (!can_come(text)) return;
  const auto call = asl::Template::compile_expression("Field", text);
  if (!call) return;
  if (const auto value = call->evaluate(scope())) check_value(*value);
}

void run_jsonata(const std::string& text, Random& random) {
  if (!can_come(text)) return;
  const auto dialect =
      random() % 2 == 0 ? asl::jsonata::Dialect::plain : asl::jsonata::Dialect::states;
  const auto expression = asl::jsonata::Expression::compile(text, dialect);
  if (!expression) {
    require(!expression.error().code.empty(), "a broken expression has no code");
    return;
  }
  (void)expression->references();
  const asl::jsonata::Limits limits{
      .depth_max = 100, .steps_max = 100'000, .bytes_max = 4 << 20, .is_expired = {}};
  const auto value = expression->evaluate(document(), {{"states", document()}},
                                          {Instant(seconds(1'800'000'000)), 7}, limits);
  if (!value) return require(!value.error().code.empty(), "a failed evaluation has no code");
  if (*value) check_value(**value);
}

std::vector<std::string> expressions(const std::vector<std::string>& documents) {
  std::vector<std::string> all;
  for (const auto& text : texts_within(documents, "{%"))
    if (text.ends_with("%}")) all.push_back(text.substr(2, text.size() - 4));
  for (const char* more : {"a.b[0]",
                           "items[price > 10].tags",
                           "items^(>price)",
                           "$map(items, function($i) { $i.price })",
                           "a.b[[0..2]]",
                           "**.c",
                           "items@$i.{ 'p': $i.price }",
                           "$sum(items.price) / $count(items)",
                           "($f := function($n) { $n < 2 ? 1 : $n * $f($n - 1) }; $f(10))",
                           "text ~> $uppercase",
                           "$replace(text, /r(.)/i, '$1')",
                           "$fromMillis(1510067557121, '[M01]/[D01]/[Y0001] [h#1]')",
                           "$formatNumber(12345.6, '#,###.00')",
                           "items{ $string(price): tags }",
                           "$ ~> |items|{'n': 1}|",
                           "$reduce([1..5], function($a, $b) { $a + $b })",
                           "$split('a,b', ',')[0] & \"x\"",
                           "$toMillis(when)",
                           "$formatInteger(2789, 'w')",
                           "a.b.%.n",
                           "items#$i[$i = 0]"})
    all.emplace_back(more);
  return all;
}

const std::vector<std::string> json_words = json_words_and(
    {"\"Type\"", "\"States\"", "\"StartAt\"", "\"Next\"", "\"End\": true", "\"Map\"",
     "\"Parallel\"", "\"Choice\"", "\"Task\"", "\"Wait\"", "\"QueryLanguage\": \"JSONata\"",
     "\"$.a\"", "\"$$.x\"", "\"States.UUID()\"", "\"{% $states.input %}\"", "\"Retry\": []",
     "\"Seconds\": 99999999", "\"ItemProcessor\"", "\"Catch\""});
const std::vector<std::string> path_words = {
    "$",     "$$",     "..",       ".",   "*",
    "[",     "]",      "[*]",      "[0]", "[-1]",
    "[1:2]", "[::-1]", "[?(",      "@.",  ")]",
    "==",    "&&",     "||",       "!",   "'a'",
    "\"b\"", "/x/i",   "length()", "1e9", "99999999999999999999",
    ",",     "items",  "price",    "\\u", "\xc3",
    "=~",    "<",      "in"};
const std::vector<std::string> intrinsic_words = {"States.Format(",
                                                  "States.StringToJson(",
                                                  "States.JsonToString(",
                                                  "States.Array(",
                                                  "States.ArrayPartition(",
                                                  "States.ArrayContains(",
                                                  "States.ArrayRange(",
                                                  "States.ArrayGetItem(",
                                                  "States.ArrayLength(",
                                                  "States.ArrayUnique(",
                                                  "States.Base64Encode(",
                                                  "States.Base64Decode(",
                                                  "States.Hash(",
                                                  "States.JsonMerge(",
                                                  "States.MathRandom(",
                                                  "States.MathAdd(",
                                                  "States.StringSplit(",
                                                  "States.UUID(",
                                                  ")",
                                                  ",",
                                                  "'",
                                                  "\\'",
                                                  "{}",
                                                  "\\{",
                                                  "$.a",
                                                  "$.n",
                                                  "$$.text",
                                                  "0",
                                                  "-1",
                                                  "1e308",
                                                  "9223372036854775807",
                                                  "-9223372036854775808",
                                                  "null",
                                                  "true",
                                                  "'SHA-1'"};
const std::vector<std::string> jsonata_words = {"$",
                                                "$$",
                                                "%",
                                                "**",
                                                "*",
                                                ".",
                                                "[",
                                                "]",
                                                "{",
                                                "}",
                                                "(",
                                                ")",
                                                ":=",
                                                "~>",
                                                "^(",
                                                "..",
                                                "@$i",
                                                "#$i",
                                                "|",
                                                "?",
                                                ":",
                                                "?:",
                                                "??",
                                                "function($x) {",
                                                "/(a*)*b/",
                                                "\"",
                                                "'",
                                                "`",
                                                "and",
                                                "or",
                                                "in",
                                                "&",
                                                "1e308",
                                                "-",
                                                "0",
                                                "9007199254740993",
                                                "$map(",
                                                "$filter(",
                                                "$sort(",
                                                "$eval(",
                                                "$string(",
                                                "$number(",
                                                "$pad(",
                                                "$match(",
                                                "$split(",
                                                "$range(",
                                                "$partition(",
                                                "$parse(",
                                                "$hash(",
                                                "$merge(",
                                                "$each(",
                                                "$sift(",
                                                "$spread(",
                                                "$formatBase(",
                                                "$formatNumber(",
                                                "$formatInteger(",
                                                "$parseInteger(",
                                                "$fromMillis(",
                                                "$toMillis(",
                                                "$base64decode(",
                                                "$decodeUrl(",
                                                "/*",
                                                "*/",
                                                "\\u",
                                                "\xf0\x9f",
                                                "<a<n>:n>",
                                                "null",
                                                "true",
                                                ";",
                                                ","};

std::vector<Target> targets() {
  const auto documents = definitions();
  auto paths = texts_within(documents, "$");
  for (const char* more : {"$..book[?(@.price < 10)]", "$.a['b'][0,1]", "$.items[-1:].tags[*]"})
    paths.emplace_back(more);
  return {{"definition", {documents, json_words}, run_definition},
          {"path", {std::move(paths), path_words}, run_path},
          {"intrinsic", {texts_within(documents, "States."), intrinsic_words}, run_intrinsic},
          {"jsonata", {expressions(documents), jsonata_words}, run_jsonata}};
}

}  // namespace
}  // namespace pawl::fuzz

int main(int count, char** words) {
  return pawl::fuzz::run_targets(pawl::fuzz::targets(), count, words);
}
