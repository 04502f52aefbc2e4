#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "asl/choice.h"
#include "asl/path.h"
#include "asl/query.h"
#include "asl/template.h"
#include "json/value.h"

namespace pawl::asl {

// A machine as parsed from its definition (Amazon States Language): plain data with everything that
// can be compiled compiled. Immutable; executions refer to it.

struct State;

enum class QueryLanguage { jsonpath, jsonata };
enum class MachineType { standard, express };

// The states of a machine, of a Parallel branch, or of a Map's item processor.
struct States {
  std::string start_at;
  std::map<std::string, std::unique_ptr<State>, std::less<>> by_name;

  // REQUIRES: the name is there; validation has made sure of every Next.
  const State& at(std::string_view name) const;
};

// InputPath, OutputPath and ResultPath: absent means "$"; JSON null means "nothing": an empty
// object for input and output, the result thrown away for ResultPath.
struct PathOrNull {
  std::optional<Path> path;  // absent: null was written
};

// Seconds or a count, written as a number or to be read at a path, or evaluated, when the state
// runs.
struct NumberOrPath {
  std::variant<int64_t, Path, Query, double> value;  // a percentage may have a fraction
  std::string field = {};  // "MaxConcurrency", for failures; without "Path"
};

struct TextOrExpression {
  // A literal, or an expression: a path or an intrinsic function (ErrorPath, CausePath), JSONata.
  std::variant<std::string, Template> value;
};

struct Retrier {
  std::vector<std::string> errors;  // ErrorEquals
  double interval_seconds = 1;
  int64_t max_attempts = 3;
  double backoff_rate = 2;
  std::optional<double> max_delay_seconds;
  bool full_jitter = false;  // JitterStrategy FULL
};

struct Catcher {
  std::vector<std::string> errors;
  std::string next;
  std::optional<PathOrNull> result_path;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata; absent: the error output
};

struct Pass {
  std::optional<json::Value> result;
};

struct Task {
  std::string resource;
  bool waits_for_token = false;  // ".waitForTaskToken"
  bool waits_for_end = false;    // ".sync", ".sync:2"
  bool is_activity = false;
  std::optional<NumberOrPath> timeout_seconds;
  std::optional<NumberOrPath> heartbeat_seconds;
  std::optional<Template> credentials;  // accepted, checked, not used
};

struct ChoiceRule {
  std::variant<bool, Condition, Query> condition;
  std::string next;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata
};
struct Choice {
  std::vector<ChoiceRule> rules;
  std::string default_next;  // empty: none
};

// Exactly one is set.
struct Wait {
  std::optional<int64_t> seconds;
  std::optional<Path> seconds_path;
  std::optional<std::string> timestamp;
  std::optional<Path> timestamp_path;
  std::optional<Query> seconds_query;
  std::optional<Query> timestamp_query;
};

struct Succeed {};

struct Fail {
  std::optional<TextOrExpression> error;
  std::optional<TextOrExpression> cause;
};

struct Parallel {
  std::vector<States> branches;
};

// How the items of a distributed Map are put together.
struct ItemBatcher {
  std::optional<NumberOrPath> items_max;
  std::optional<NumberOrPath> bytes_max;
  std::optional<Template> batch_input;
};

// Where a distributed Map finds its items.
struct ItemReader {
  std::string resource;
  std::optional<Template> parameters;  // or Arguments
  std::string input_type, manifest_type, transformation;
  std::string csv_header_location, csv_delimiter;
  std::vector<std::string> csv_headers;
  std::optional<NumberOrPath> items_max;
};

// Where it leaves its results.
struct ResultWriter {
  std::string resource;
  std::optional<Template> parameters;  // or Arguments
  std::string output_type, transformation;
};

struct Map {
  States processor;             // ItemProcessor or Iterator
  bool is_distributed = false;  // the Mode of its ProcessorConfig
  std::optional<Path> items_path;
  std::optional<Template> items;  // JSONata
  std::optional<ItemReader> reader;
  std::optional<ItemBatcher> batcher;
  std::optional<ResultWriter> writer;
  std::optional<Template> item_selector;        // ItemSelector, or Parameters of the old form
  std::optional<NumberOrPath> max_concurrency;  // absent or 0: no limit
  std::optional<NumberOrPath> tolerated_failure_count;
  std::optional<NumberOrPath> tolerated_failure_percentage;
  std::optional<std::string> label;
};

struct State {
  std::string name;
  std::string next;  // empty: End is true, or the kind has no Next
  std::variant<Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map> kind;
  QueryLanguage language = QueryLanguage::jsonpath;

  std::optional<PathOrNull> input_path;
  std::optional<PathOrNull> output_path;
  std::optional<PathOrNull> result_path;
  std::optional<Template> parameters;  // or, in JSONata, Arguments
  std::optional<Template> result_selector;
  std::optional<Template> assign;
  std::optional<Template> output;  // JSONata
  std::vector<Retrier> retriers;
  std::vector<Catcher> catchers;

  bool is_jsonata() const { return language == QueryLanguage::jsonata; }

  // "Pass", "Task", … as the definition writes it.
  std::string_view type() const;
};

struct Machine {
  States states;
  std::string comment;
  std::optional<int64_t> timeout_seconds;
};

}  // namespace pawl::asl
