#include <limits>

#include "base/text.h"
#include "execution/states/states.h"

namespace pawl::execution {

namespace {

constexpr int64_t bytes_max_of_service = 256 << 10;

// What all batches share, and how much fits into one.
struct Measure {
  json::Value batch_input;  // null where there is none
  int64_t items_max = std::numeric_limits<int64_t>::max();
  int64_t bytes_max = bytes_max_of_service;
};

asl::Outcome<Measure> measure(Turn& turn, const Frame& frame, const asl::ItemBatcher& batcher) {
  const json::Value input = TRY(chosen_input(turn, frame));
  Sight sight(turn, frame);
  Measure measured;
  if (batcher.items_max) measured.items_max = TRY(asl::number(*batcher.items_max, sight.of(input)));
  if (batcher.bytes_max) measured.bytes_max = TRY(asl::number(*batcher.bytes_max, sight.of(input)));
  if (batcher.batch_input)
    measured.batch_input = TRY(batcher.batch_input->evaluate(sight.of(input)));
  for (const auto& [most, field] : {std::pair{measured.items_max, "MaxItemsPerBatch"},
                                    std::pair{measured.bytes_max, "MaxInputBytesPerBatch"}})
    if (most < 1)
      return asl::Failure{"States.Runtime", concat("field ", field, " must be positive")};
  return measured;
}

json::Value batch(const Measure& measured, json::Value::Array items) {
  json::Value::Object members;
  if (!measured.batch_input.is_null()) members.push_back({"BatchInput", measured.batch_input});
  members.push_back({"Items", json::Value(std::move(items))});
  return members;
}

}  // namespace

asl::Outcome<Batched> batched(Turn& turn, const Frame& frame, json::Value::Array items,
                              bool are_last) {
  const auto& batcher = *std::get<asl::Map>(frame.state->kind).batcher;
  const Measure measured = TRY(measure(turn, frame, batcher));
  Batched made;
  json::Value::Array& gathered = made.rest;
  auto bytes = static_cast<int64_t>(batch(measured, {}).text_size());
  const int64_t bytes_around = bytes;
  for (json::Value& item : items) {
    const auto size = static_cast<int64_t>(item.text_size()) + 1;
    const bool is_full = static_cast<int64_t>(gathered.size()) >= measured.items_max ||
                         bytes + size > measured.bytes_max;
    if (is_full && !gathered.empty()) {
      made.batches.push_back(batch(measured, std::exchange(gathered, {})));
      bytes = bytes_around;
    }
    gathered.push_back(std::move(item));
    bytes += size;
  }
  if (are_last && !gathered.empty())
    made.batches.push_back(batch(measured, std::exchange(gathered, {})));
  return made;
}

asl::Outcome<json::Value> batches(Turn& turn, const Frame& frame) {
  const int64_t count = frame.waits<OnChildren>()->count;
  json::Value::Array items;
  for (int64_t index = 0; index < count; ++index)
    items.push_back(TRY(selected(turn, frame, {index, *frame.waits<OnChildren>()->item(index)})));
  return json::Value(TRY(batched(turn, frame, std::move(items), true)).batches);
}

}  // namespace pawl::execution
