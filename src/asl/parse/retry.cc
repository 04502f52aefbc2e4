#include <algorithm>

#include "asl/parse/read.h"
#include "base/text.h"

namespace pawl::asl::parse {
namespace {

using json::Value;

constexpr double seconds_max = 99'999'999;
constexpr double delay_seconds_max = 31'622'400;  // A leap year.

std::vector<std::string> read_errors(Fields& fields) {
  std::vector<std::string> errors;
  const Value* names = fields.non_empty_array("ErrorEquals");
  if (names == nullptr) return errors;
  for (const Value& name : names->elements()) {
    if (name.is_string()) {
      errors.emplace_back(name.string());
    } else {
      fields.findings().schema(fields.location("ErrorEquals"), "Expected value of type String");
    }
  }
  return errors;
}

void check_catch_all(const std::vector<std::string>& errors, bool is_last, Fields& fields) {
  if (std::find(errors.begin(), errors.end(), "States.ALL") == errors.end()) return;
  const std::string location = fields.location("ErrorEquals");
  if (errors.size() > 1) fields.findings().schema(location, "'States.ALL' must appear alone");
  if (!is_last)
    fields.findings().schema(location, "'States.ALL' must appear in the last element of the list");
}

Retrier read_retrier(Fields& fields) {
  fields.only(
      "ErrorEquals IntervalSeconds MaxAttempts BackoffRate MaxDelaySeconds JitterStrategy Comment");
  fields.required({"ErrorEquals"});
  Retrier retrier;
  retrier.errors = read_errors(fields);
  const auto interval = fields.integer("IntervalSeconds", {1, seconds_max});
  retrier.interval_seconds = static_cast<double>(interval.value_or(1));
  retrier.max_attempts = fields.integer("MaxAttempts", {0, seconds_max}).value_or(3);
  retrier.backoff_rate = fields.number("BackoffRate", {1}).value_or(2);
  if (const auto delay = fields.integer("MaxDelaySeconds", {1, delay_seconds_max - 1})) {
    retrier.max_delay_seconds = static_cast<double>(*delay);
    if (*retrier.max_delay_seconds <= retrier.interval_seconds)
      fields.findings().schema(fields.location("MaxDelaySeconds"),
                               "MaxDelaySeconds must be greater than IntervalSeconds");
  }
  retrier.full_jitter = fields.one_of("JitterStrategy", "FULL NONE") == "FULL";
  return retrier;
}

Catcher read_catcher(Fields& fields) {
  fields.only_in_language("ErrorEquals Next Comment Assign", {"ResultPath", "Output"});
  fields.required({"ErrorEquals", "Next"});
  Catcher catcher;
  catcher.errors = read_errors(fields);
  catcher.next = fields.non_empty_text("Next").value_or("");
  catcher.result_path = fields.path_or_null("ResultPath", PathRule::reference_in_input);
  catcher.assign = read_assign(fields);
  catcher.output = read_output(fields);
  return catcher;
}

// Retry and Catch are lists of the same form.
template <typename Rule>
std::vector<Rule> read_rules(Fields& fields, std::string_view name, Rule (*read)(Fields&)) {
  std::vector<Rule> rules;
  const Value* list = fields.object().find(name);
  if (list == nullptr) return rules;
  if (!list->is_array()) {
    fields.findings().schema(fields.location(name), "Expected value of type Array");
    return rules;
  }
  for (size_t at = 0; at < list->size(); ++at) {
    const std::string location = concat(fields.location(name), "[", at, "]");
    if (!list->elements()[at].is_object()) {
      fields.findings().schema(location, "Expected value of type Object");
      continue;
    }
    Fields rule = fields.inside(list->elements()[at], location);
    rules.push_back(read(rule));
    check_catch_all(rules.back().errors, at + 1 == list->size(), rule);
  }
  return rules;
}

}  // namespace

std::vector<Retrier> read_retriers(Fields& fields) {
  return read_rules<Retrier>(fields, "Retry", read_retrier);
}

std::vector<Catcher> read_catchers(Fields& fields) {
  return read_rules<Catcher>(fields, "Catch", read_catcher);
}

}  // namespace pawl::asl::parse
