#include <array>

#include "asl/parse/read.h"
#include "base/text.h"

namespace pawl::asl::parse {
namespace {

// The fields of each kind of state, besides Type, Comment and QueryLanguage.
struct Shape {
  std::string_view type;
  bool moves_on;  // Has Next or End.
  std::string_view fields;
  std::string_view jsonpath;
  std::string_view jsonata;
};
constexpr std::array<Shape, 8> shapes{{
    {"Pass", true, "Next End Assign", "InputPath OutputPath ResultPath Parameters Result",
     "Output"},
    {"Task", true,
     "Next End Assign Retry Catch Resource TimeoutSeconds HeartbeatSeconds Credentials",
     "InputPath OutputPath ResultPath Parameters ResultSelector TimeoutSecondsPath "
     "HeartbeatSecondsPath",
     "Arguments Output"},
    {"Choice", false, "Choices Default Assign", "InputPath OutputPath", "Output"},
    {"Wait", true, "Next End Assign Seconds Timestamp",
     "InputPath OutputPath SecondsPath TimestampPath", "Output"},
    {"Succeed", false, "", "InputPath OutputPath", "Output"},
    {"Fail", false, "Error Cause", "ErrorPath CausePath", ""},
    {"Parallel", true, "Next End Assign Retry Catch Branches",
     "InputPath OutputPath ResultPath Parameters ResultSelector", "Arguments Output"},
    {"Map", true,
     "Next End Assign Retry Catch ItemProcessor Iterator ItemSelector MaxConcurrency "
     "ToleratedFailureCount ToleratedFailurePercentage Label ItemReader ItemBatcher ResultWriter",
     "InputPath OutputPath ResultPath Parameters ResultSelector ItemsPath MaxConcurrencyPath "
     "ToleratedFailureCountPath ToleratedFailurePercentagePath",
     "Items Output"},
}};

constexpr std::string_view everywhere = "Type Comment QueryLanguage";

const Shape* find_shape(std::string_view type) {
  for (const Shape& shape : shapes)
    if (shape.type == type) return &shape;
  return nullptr;
}

const Shape* read_shape(Fields& fields) {
  fields.required({"Type"});
  if (!fields.has("Type")) return nullptr;
  const Shape* shape = find_shape(fields.text("Type").value_or(""));
  if (shape == nullptr)
    fields.findings().schema(fields.location("Type"),
                             "The field 'Type' should have one of these values: [Task, Wait, Pass, "
                             "Succeed, Fail, Choice, Parallel, Map]");
  return shape;
}

void check_fields(Fields& fields, const Shape& shape) {
  fields.only_in_language(concat(everywhere, " ", shape.fields), {shape.jsonpath, shape.jsonata});
  fields.text("Comment");
}

std::string read_next(Fields& fields) {
  const bool ends = fields.boolean("End").value_or(false);
  const auto next = fields.non_empty_text("Next");
  if (fields.has("Next") && ends) {
    fields.at_most_one({"Next", "End"});
  } else if (!fields.has("Next") && !ends) {
    fields.findings().schema(fields.location(),
                             "One of the following fields is required: [Next, End]");
  }
  return next.value_or("");
}

void read_common(Fields& fields, State& state) {
  state.input_path = fields.path_or_null("InputPath", PathRule::any);
  state.output_path = fields.path_or_null("OutputPath", PathRule::any);
  state.result_path = fields.path_or_null("ResultPath", PathRule::reference_in_input);
  state.result_selector = fields.payload("ResultSelector");
  state.assign = read_assign(fields);
  state.output = read_output(fields);
  state.retriers = read_retriers(fields);
  state.catchers = read_catchers(fields);
}

void read_kind(std::string_view type, Fields& fields, Reading& reading, State& state) {
  if (type == "Pass") state.kind = read_pass(fields);
  if (type == "Task") state.kind = read_task(fields, reading);
  if (type == "Choice") state.kind = read_choice(fields);
  if (type == "Wait") state.kind = read_wait(fields);
  if (type == "Succeed") state.kind = Succeed{};
  if (type == "Fail") state.kind = read_fail(fields);
  if (type == "Parallel") state.kind = read_parallel(fields, reading);
  if (type == "Map") state.kind = read_map(fields, reading);
  // The Parameters of a Map are the old form of its ItemSelector.
  if (type != "Map")
    state.parameters = fields.payload(state.is_jsonata() ? "Arguments" : "Parameters");
}

}  // namespace

std::unique_ptr<State> read_state(std::string_view name, Fields& fields, Reading& reading) {
  const QueryLanguage language = read_language(fields, reading.language);
  fields.set_language(language);
  const Shape* shape = read_shape(fields);
  if (shape == nullptr) return nullptr;
  check_fields(fields, *shape);
  auto state = std::make_unique<State>();
  state->name = name;
  state->language = language;
  if (shape->moves_on) state->next = read_next(fields);
  read_common(fields, *state);
  read_kind(shape->type, fields, reading, *state);
  return state;
}

}  // namespace pawl::asl::parse
