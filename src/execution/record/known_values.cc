#include "execution/record/known_values.h"

namespace pawl::execution {

namespace {

constexpr size_t text_size_min = 8;
// Equal texts are found by content up to here, and by identity beyond: hashing megabytes to save a
// second writing of them is no bargain.
constexpr size_t text_size_compared = 4096;
// So that a record about a wide object does not begin with a walk through all of it.
constexpr size_t members_reached_max = 64;

}  // namespace

bool KnownValues::is_worth(const json::Value& value) {
  return value.is_array() || value.is_object() ||
         (value.is_string() && value.size() >= text_size_min);
}

void KnownValues::add(const json::Value& value) {
  if (!is_worth(value)) return;
  const uint64_t number = values_.size();
  values_.push_back(value);
  by_identity_.emplace(value.identity(), number);
  if (value.is_string() && value.size() <= text_size_compared)
    by_text_.emplace(values_.back().string(), number);
}

void KnownValues::add_with_parts(const json::Value& value, size_t part_bytes_min) {
  if (value.text_size() < part_bytes_min) return;
  add(value);
  if (value.is_array())
    for (const auto& element : value.elements()) add_with_parts(element, part_bytes_min);
  if (value.is_object())
    for (const auto& member : value.members()) add_with_parts(member.value, part_bytes_min);
}

void KnownValues::add_with_members(const json::Value& value) {
  add(value);
  if (!value.is_object()) return;
  const auto members = value.members();
  for (size_t i = 0; i < members.size() && i < members_reached_max; ++i) add(members[i].value);
}

void KnownValues::reach(const Live& live, const Event& event) {
  const Frame* frame = live.find(event.frame);
  if (frame == nullptr) return;
  if (reached_.insert(frame->id).second) add_with_members(frame->input);
  const auto* children = frame->waits<OnChildren>();
  if (event.type == EventType::children_succeeded && children != nullptr)
    for (const auto& result : children->results) add(result);
  if (event.type == EventType::iteration_started && children != nullptr)
    if (const auto* item = children->item(children->next_index)) add_with_members(*item);
  if (event.type == EventType::exited && frame->is_inside)
    if (const auto* pass = std::get_if<asl::Pass>(&frame->state->kind); pass != nullptr)
      if (pass->result) add(*pass->result);
}

const json::Value* KnownValues::at(uint64_t number) const {
  return number < values_.size() ? &values_[static_cast<size_t>(number)] : nullptr;
}

std::optional<uint64_t> KnownValues::number_of(const json::Value& value) const {
  const auto same = by_identity_.find(value.identity());
  if (same != by_identity_.end()) return same->second;
  if (!value.is_string() || value.size() < text_size_min || value.size() > text_size_compared)
    return std::nullopt;
  const auto equal = by_text_.find(value.string());
  if (equal != by_text_.end()) return equal->second;
  return std::nullopt;
}

}  // namespace pawl::execution
