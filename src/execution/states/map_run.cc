#include <algorithm>

#include "asl/intrinsic/call.h"
#include "base/arn.h"
#include "base/text.h"
#include "execution/map_results.h"
#include "execution/quotas.h"
#include "execution/states/states.h"
#include "json/parse.h"

namespace pawl::execution {

namespace {

constexpr std::string_view reader_failed = "States.ItemReaderFailed";
constexpr std::string_view writer_failed = "States.ResultWriterFailed";

// Of all items together, as text. Items do not pass between states, so a limit that is low for
// these, as the service's, does not hold for them.
size_t items_bytes_max(const Turn& turn) {
  return std::max<size_t>(turn.data_bytes_max(), 64 << 20);
}

std::string uuid(Turn& turn) {
  asl::intrinsic::Entropy entropy(turn.entropy());
  return std::string(asl::intrinsic::uuid({}, entropy)->string());
}

// Where the state has no Label, one is made.
std::string map_run_arn(Turn& turn, const asl::Map& map) {
  const Identity& identity = turn.live().identity;
  const Arn arn = parse_arn(identity.execution_arn).value_or(Arn());
  const auto pieces = arn.resource_pieces();
  const std::string_view machine = pieces.size() > 1 ? pieces[1] : "";
  const std::string label = map.label ? *map.label : uuid(turn);
  return concat("arn:", arn.partition, ":states:", arn.region, ":", arn.account,
                ":mapRun:", machine, "/", label, ":", map_run_id(turn.entropy(), identity.number));
}

asl::Outcome<json::Value> evaluated(Sight& sight, const std::optional<asl::Template>& parameters,
                                    const json::Value& input) {
  if (!parameters) return json::Value::object();
  return parameters->evaluate(sight.of(input));
}

// What is asked of the run, by name.
asl::Outcome<json::Value> plan_of(Turn& turn, const Frame& frame, const asl::Map& map) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  json::Value plan = TRY(tolerance_of(turn, map, sight.of(input))).named();
  if (map.writer && !map.writer->resource.empty() && !turn.is_trial())
    plan = plan.with("ResultWriter", TRY(evaluated(sight, map.writer->parameters, input)));
  return plan;
}

// What is to be read, and how, for whoever reads it.
asl::Outcome<json::Value> reading(Turn& turn, const Frame& frame, const asl::ItemReader& reader) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  json::Value::Array headers(reader.csv_headers.begin(), reader.csv_headers.end());
  json::Value parameters = TRY(evaluated(sight, reader.parameters, input));
  json::Value::Object request{
      {"Resource", reader.resource},
      {"Parameters", std::move(parameters)},
      {"InputType", reader.input_type},
      {"ManifestType", reader.manifest_type},
      {"Transformation", reader.transformation},
      {"CSVHeaderLocation", reader.csv_header_location},
      {"CSVDelimiter", reader.csv_delimiter},
      {"CSVHeaders", json::Value(std::move(headers))},
      {"BytesMax", items_bytes_max(turn)},
  };
  if (reader.items_max)
    request.push_back({"MaxItems", TRY(asl::number(*reader.items_max, sight.of(input)))});
  return json::Value(std::move(request));
}

void fail_run(Turn& turn, Frame& frame, const asl::Failure& failure) {
  turn.happen({.type = EventType::map_run_failed,
               .frame = frame.id,
               .error = failure.error,
               .cause = failure.cause});
  fail(turn, frame, {.failure = failure, .is_by_child = true});
}

void succeed_run(Turn& turn, Frame& frame, const json::Value& result) {
  turn.happen({.type = EventType::map_run_succeeded, .frame = frame.id});
  turn.happen({.type = EventType::children_succeeded, .frame = frame.id});
  complete(turn, frame, result);
}

void ask_for_items(Turn& turn, Frame& frame, const json::Value& request) {
  if (request.integer_at("MaxItems").value_or(0) < 0)
    return fail_run(turn, frame, {std::string(reader_failed), "field MaxItems must be positive"});
  turn.happen({.type = EventType::items_requested, .frame = frame.id, .value = request});
}

// The inputs of the children that are not started any more. What cannot be made of an item any more
// does not keep the others from being told.
json::Value pending_inputs(Turn& turn, const Frame& frame) {
  const auto& waiting = *frame.waits<OnChildren>();
  json::Value::Array inputs;
  for (int64_t index = waiting.next_index; index < waiting.count; ++index) {
    auto made = item(turn, frame, index);
    inputs.push_back(made ? *std::move(made) : json::Value());
  }
  return inputs;
}

void take_items(Turn& turn, Frame& frame, const json::Value& items) {
  if (const std::string why = not_items(turn, items); !why.empty())
    return fail_run(turn, frame, {std::string(reader_failed), why});
  turn.happen({.type = EventType::items_read, .frame = frame.id, .value = items});
  start(turn, frame);
}

}  // namespace

std::string not_items(const Turn& turn, const json::Value& items) {
  if (!items.is_array()) return "The items are not an array.";
  const size_t most = items_bytes_max(turn);
  if (items.depth() > json::depth_max || bytes_as_text(items, most) > most)
    return "The items are too large or nested too deep.";
  return {};
}

json::Value Tolerance::named() const {
  json::Value::Object named;
  if (count) named.push_back({"ToleratedFailureCount", *count});
  if (share) named.push_back({"ToleratedFailurePercentage", *share});
  return named;
}

asl::Outcome<Tolerance> tolerance_of(const Turn& turn, const asl::Map& map,
                                     const asl::Scope& scope) {
  Tolerance tolerance;
  if (map.tolerated_failure_count) {
    tolerance.count = TRY(asl::number(*map.tolerated_failure_count, scope));
    turn.show("toleratedFailureCount", *tolerance.count);
  }
  if (map.tolerated_failure_percentage) {
    tolerance.share = TRY(asl::real(*map.tolerated_failure_percentage, scope));
    turn.show("toleratedFailurePercentage", *tolerance.share);
  }
  return tolerance;
}

asl::Outcome<bool> begin_run(Turn& turn, Frame& frame, const asl::Map& map) {
  const json::Value plan = TRY(plan_of(turn, frame, map));
  const bool must_read = map.reader && !turn.is_trial();
  json::Value request;
  if (must_read) request = TRY(reading(turn, frame, *map.reader));
  turn.happen(
      {.type = EventType::map_run_started, .frame = frame.id, .value = map_run_arn(turn, map)});
  if (plan.size() > 0)
    turn.happen({.type = EventType::map_planned, .frame = frame.id, .value = plan});
  if (!must_read) return true;
  ask_for_items(turn, frame, request);
  return false;
}

void resume_run(Turn& turn, Frame& frame) {
  const auto& map = std::get<asl::Map>(frame.state->kind);
  const auto& waiting = *frame.waits<OnChildren>();
  turn.happen({.type = EventType::map_run_redriven,
               .frame = frame.id,
               .number = waiting.run->redrives + 1});
  for (const auto& [index, id] : waiting.running)
    turn.happen({.type = EventType::child_redriven, .frame = id});
  if (!waiting.run->has_items) {
    const auto request = reading(turn, frame, *map.reader);
    if (!request) return fail_evaluation(turn, frame, request.error());
    return ask_for_items(turn, frame, *request);
  }
  if (map.batcher && !waiting.run->is_batched) return start(turn, frame);
  continue_map(turn, frame);
}

void end_run(Turn& turn, Frame& frame) {
  const auto& waiting = *frame.waits<OnChildren>();
  if (waiting.run->writes_results())
    return turn.happen({.type = EventType::results_requested, .frame = frame.id});
  const auto& writer = std::get<asl::Map>(frame.state->kind).writer;
  succeed_run(turn, frame,
              transformed(*waiting.run, writer ? writer->transformation : "", waiting.results));
}

void fail_over_threshold(Turn& turn, Frame& frame) {
  end_badly(turn, frame,
            {"States.ExceedToleratedFailureThreshold",
             "The specified tolerated failure threshold was exceeded"});
}

void end_badly(Turn& turn, Frame& frame, const asl::Failure& failure) {
  const MapRun* run = frame.waits<OnChildren>()->run.get();
  if (run == nullptr) return fail(turn, frame, {.failure = failure, .is_by_child = true});
  if (!run->writes_results()) return fail_run(turn, frame, failure);
  turn.happen({.type = EventType::results_requested,
               .frame = frame.id,
               .value = pending_inputs(turn, frame),
               .error = failure.error,
               .cause = failure.cause});
}

void errand_done(Turn& turn, Frame& frame, const json::Value& answer) {
  const MapRun& run = *frame.waits<OnChildren>()->run;
  const Errand& errand = *run.errand;
  if (errand.resource == read_items_resource)
    return answer.is_object() || run.stream ? take_window(turn, frame, answer)
                                            : take_items(turn, frame, answer);
  if (errand.part) {
    if (!are_files(answer)) return errand_failed(turn, frame, {"", "The files are not listed."});
    turn.happen({.type = EventType::part_written, .frame = frame.id, .value = answer});
    return continue_map(turn, frame);
  }
  if (!errand.error.empty()) return fail_run(turn, frame, {errand.error, errand.cause});
  succeed_run(turn, frame,
              json::Value::object({{"MapRunArn", run.arn}, {"ResultWriterDetails", answer}}));
}

void errand_failed(Turn& turn, Frame& frame, const asl::Failure& failure) {
  const Errand errand = *frame.waits<OnChildren>()->run->errand;
  // Why the run has failed is worth more than that nobody could write it down.
  if (!errand.error.empty()) return fail_run(turn, frame, {errand.error, errand.cause});
  const bool is_reading = errand.resource == read_items_resource;
  const bool is_named = failure.error.starts_with("States.");
  const std::string_view error = is_reading ? reader_failed : writer_failed;
  const std::string& cause = failure.cause.empty() ? failure.error : failure.cause;
  const asl::Failure told{is_named ? failure.error : std::string(error), cause};
  turn.abort_children(frame, frame);
  // The children that there are have results.
  if (is_reading && frame.waits<OnChildren>()->run->stream) return end_badly(turn, frame, told);
  fail_run(turn, frame, told);
}

void change_run(Turn& turn, Frame& frame, const json::Value& named) {
  turn.happen({.type = EventType::map_planned, .frame = frame.id, .value = named});
  const auto& waiting = *frame.waits<OnChildren>();
  if (waiting.run->is_ending() || !waiting.run->has_items) return;
  if (waiting.failures > waiting.failures_max.value_or(0)) {
    turn.abort_children(frame, frame);
    return fail_over_threshold(turn, frame);
  }
  continue_map(turn, frame);
}

}  // namespace pawl::execution
