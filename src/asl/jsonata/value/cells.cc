#include "asl/jsonata/value/cells.h"

#include <algorithm>

#include "asl/jsonata/value/clone.h"

namespace pawl::asl::jsonata {
namespace {

constexpr size_t members_before_index = 16;
constexpr size_t nowhere = static_cast<size_t>(-1);

}  // namespace

Text::Text(Heap& owner, size_t many) : Cell(owner), length(many) {
  heap.take(sizeof(Text) + length);
}

Text::~Text() { heap.give_back(sizeof(Text) + length); }

List::List(Heap& owner) : Whole(owner), items(PieceAllocator<Item>(owner)) {
  depth = 1;
  heap.take(sizeof(List));
}

List::~List() { heap.give_back(sizeof(List) + items.size() * sizeof(Item)); }

void Whole::deepen(uint32_t part_depth) {
  depth = static_cast<uint16_t>(std::min<uint32_t>(part_depth + 1, UINT16_MAX));
  heap.note_depth(part_depth + 1);
}

void Whole::copy_from_outside(Item& part) {
  if (part.outside() != nullptr && !part.is_string()) part = clone(heap, part);
}

void List::look_at_all() {
  for (Item& item : items) looked_at(item);
  is_copied_late = false;
}

Record::Record(Heap& owner) : Whole(owner), members(PieceAllocator<Member>(owner)) {
  depth = 1;
  heap.take(sizeof(Record));
}

Record::~Record() { heap.give_back(sizeof(Record) + members.size() * sizeof(Member)); }

size_t Record::place_of(std::string_view name) const {
  if (index_) {
    const auto found = index_->find(name);
    return found == index_->end() ? nowhere : found->second;
  }
  for (size_t at = 0; at < members.size(); ++at)
    if (json::is_same_name(members[at].key.text(), name)) return at;
  return nowhere;
}

void Record::index_members() {
  if (members.size() <= members_before_index) return;
  index_ = std::make_unique<Index>();
  for (size_t at = 0; at < members.size(); ++at) index_->emplace(members[at].key.text(), at);
}

const Item* Record::find(std::string_view name, uint32_t& place) {
  if (place < members.size() && json::is_same_name(members[place].key.text(), name))
    return &value_at(place);
  const size_t found = place_of(name);
  if (found == nowhere) return nullptr;
  place = static_cast<uint32_t>(found);
  return &value_at(found);
}

void Record::set(const Item& key, Item value) {
  hold(value);
  const size_t place = place_of(key.text());
  if (place != nowhere) {
    members[place].value = std::move(value);
    return;
  }
  add(key, std::move(value));
}

void Record::append(Item key, Item value) {
  hold(value);
  add(std::move(key), std::move(value));
}

void Record::add(Item key, Item value) {
  heap.take(sizeof(Member));
  members.push_back({std::move(key), std::move(value)});
  if (index_)
    index_->emplace(members.back().key.text(), members.size() - 1);
  else if (members.size() > members_before_index)
    index_members();
}

void Record::erase(std::string_view name) {
  const size_t place = place_of(name);
  if (place == nowhere) return;
  index_.reset();
  members.erase(members.begin() + static_cast<ptrdiff_t>(place));
  heap.give_back(sizeof(Member));
  index_members();
}

Item make_text(Heap& heap, std::string_view text) {
  auto cell = make_blank_text(heap, text.size());
  std::copy(text.begin(), text.end(), cell->characters());
  return cell;
}

Ref<Text> make_blank_text(Heap& heap, size_t length) {
  return Ref<Text>(heap.make_long<Text>(length, length));
}

Ref<List> make_list(Heap& heap) { return Ref<List>(heap.make<List>()); }

Ref<List> make_sequence(Heap& heap) {
  auto list = make_list(heap);
  list->is_sequence = true;
  return list;
}

Ref<List> make_range(Heap& heap, double first, size_t count) {
  auto list = make_list(heap);
  list->is_range = true;
  list->range_first = first;
  list->range_size = count;
  return list;
}

Ref<Record> make_record(Heap& heap) { return Ref<Record>(heap.make<Record>()); }

}  // namespace pawl::asl::jsonata
