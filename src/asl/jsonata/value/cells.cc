#include "asl/jsonata/value/cells.h"

#include <algorithm>

namespace pawl::asl::jsonata {
namespace {

constexpr size_t members_before_index = 16;
constexpr uint64_t unfolded_max = uint64_t{1} << 62;
constexpr size_t nowhere = static_cast<size_t>(-1);

void deepen(Cell& whole, const Item& part) {
  whole.unfolded = std::min(whole.unfolded + part.unfolded(), unfolded_max);
  whole.heap.note_unfolded(whole.unfolded);
  const uint32_t depth = part.depth() + 1;
  if (depth <= whole.depth) return;
  whole.depth = static_cast<uint16_t>(std::min<uint32_t>(depth, UINT16_MAX));
  whole.heap.note_depth(depth);
}

}  // namespace

Text::Text(Heap& owner, std::string content) : Cell(owner), text(std::move(content)) {
  heap.take(sizeof(Text) + text.size());
}

Text::~Text() { heap.give_back(sizeof(Text) + text.size()); }

List::List(Heap& owner) : Cell(owner), items(PieceAllocator<Item>(owner)) {
  depth = 1;
  heap.take(sizeof(List));
}

List::~List() { heap.give_back(sizeof(List) + items.size() * sizeof(Item)); }

void List::hold(const Item& part) { deepen(*this, part); }

Record::Record(Heap& owner) : Cell(owner), members(PieceAllocator<Member>(owner)) {
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
    if (members[at].key.text() == name) return at;
  return nowhere;
}

void Record::index_members() {
  if (members.size() <= members_before_index) return;
  index_ = std::make_unique<Index>();
  for (size_t at = 0; at < members.size(); ++at) index_->emplace(members[at].key.text(), at);
}

const Item* Record::find(std::string_view name) const {
  const size_t place = place_of(name);
  return place == nowhere ? nullptr : &members[place].value;
}

void Record::set(const Item& key, Item value) {
  deepen(*this, value);
  const size_t place = place_of(key.text());
  if (place != nowhere) {
    members[place].value = std::move(value);
    return;
  }
  add(key, std::move(value));
}

void Record::append(const Item& key, Item value) {
  deepen(*this, value);
  add(key, std::move(value));
}

void Record::add(const Item& key, Item value) {
  heap.take(sizeof(Member));
  members.push_back({key, std::move(value)});
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

Item make_text(Heap& heap, std::string text) { return Ref<Text>(heap.make<Text>(std::move(text))); }

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
