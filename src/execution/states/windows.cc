#include "execution/states/states.h"

// Items that are read window by window, and results that are written part by part, so that a run
// takes no more memory for a million items than for some thousands. There is one errand at a time:
// a window is asked for, or a part written, while children are at work.

namespace pawl::execution {

namespace {

// Iterations that may wait before more is read.
constexpr int64_t waiting_max = 10'000;

bool has_enough(const Turn& turn, const OnChildren& waiting) {
  const ItemStream& stream = *waiting.run->stream;
  return waiting.count - waiting.next_index >= waiting_max ||
         stream.bytes_waiting + stream.bytes_at_work >= turn.stream_bytes_max();
}

// What the iterations get of the items that come next. Of batches, what was left of the last
// window comes first, and what is no whole batch is left for the next.
asl::Outcome<Batched> inputs(Turn& turn, const Frame& frame, const json::Value& answer) {
  const auto items = answer["Items"].elements();
  if (!std::get<asl::Map>(frame.state->kind).batcher) return Batched{{items.begin(), items.end()}};
  const auto& stream = frame.waits<OnChildren>()->run->stream;
  json::Value::Array all;
  if (stream && stream->rest.is_array())
    all.assign(stream->rest.elements().begin(), stream->rest.elements().end());
  int64_t index = stream ? stream->items : 0;
  for (const json::Value& item : items) all.push_back(TRY(selected(turn, frame, {index++, item})));
  return batched(turn, frame, std::move(all), answer["Next"].is_null());
}

}  // namespace

bool is_to_come(Turn& turn, Frame& frame) {
  const auto& waiting = *frame.waits<OnChildren>();
  if (!waiting.run || !waiting.run->stream) return false;
  const ItemStream& stream = *waiting.run->stream;
  if (waiting.run->errand) return true;
  if (stream.bytes_unwritten >= turn.stream_bytes_max()) {
    turn.happen({.type = EventType::part_requested, .frame = frame.id});
    return true;
  }
  if (stream.next.is_null()) return false;
  if (!has_enough(turn, waiting))
    turn.happen({.type = EventType::window_requested, .frame = frame.id});
  return true;
}

void take_window(Turn& turn, Frame& frame, const json::Value& answer) {
  const json::Value items = answer["Items"];
  if (const std::string why = not_items(turn, items); !why.empty())
    return errand_failed(turn, frame, {"", why});
  auto made = inputs(turn, frame, answer);
  if (!made) {
    turn.abort_children(frame, frame);
    return fail_items(turn, frame, made.error());
  }
  json::Value::Object window{{"Inputs", std::move(made->batches)}, {"Next", answer["Next"]}};
  if (!made->rest.empty()) window.push_back({"Rest", std::move(made->rest)});
  if (const auto total = answer.integer_at("Total")) window.push_back({"Total", *total});
  turn.happen({.type = EventType::window_read,
               .frame = frame.id,
               .number = static_cast<int64_t>(items.size()),
               .value = json::Value(std::move(window))});
  continue_map(turn, frame);
}

}  // namespace pawl::execution
