#include <unordered_map>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/evaluate/run.h"

namespace pawl::asl::jsonata {
namespace {

// The elements that share a key; or, of a tuple stream, their tuples.
struct Entry {
  Item key;
  size_t pair;
  Item elements;
  bool is_grown = false;  // the list is the entry's own
};

void grow(Heap& heap, Entry& entry, const Item& element) {
  if (!entry.is_grown) {
    entry.is_grown = !entry.elements.is_undefined() && !element.is_undefined();
    entry.elements = append(heap, entry.elements, element);
    return;
  }
  List& list = *entry.elements.list();
  if (element.is_undefined()) return;
  if (!element.is_array()) {
    list.push(element);
    return;
  }
  for (size_t at = 0; at < element.size(); ++at) list.push(element.at(at));
}

// One tuple for several: what they bind, and their values, one after another.
Ref<Frame> reduce(Heap& heap, const Item& tuples, Frame* frame) {
  if (!tuples.is_array()) return Ref<Frame>(tuples.frame());
  Ref<Frame> all(heap.make<Frame>(frame));
  for (size_t at = 0; at < tuples.size(); ++at) {
    const Item tuple = tuples.at(at);
    const Frame& one = *tuple.frame();
    all->value = append(heap, all->value, one.value);
    for (size_t index = 0; index < one.size(); ++index) {
      const auto& [name, value] = one.binding(index);
      const Item* before = all->find(name);
      all->bind(name, before == nullptr ? value : append(heap, *before, value));
    }
  }
  return all;
}

class Entries {
 public:
  Entries(Heap& heap, size_t usual_count) : heap_(heap), entries_(PieceAllocator<Entry>(heap)) {
    entries_.reserve(usual_count);
  }

  // False where another pair has made the same key.
  bool add(const Item& key, size_t pair, const Item& element) {
    Entry* entry = find(key.text());
    if (entry == nullptr) {
      entries_.push_back({key, pair, element});
      index();
      return true;
    }
    if (entry->pair != pair) return false;
    grow(heap_, *entry, element);
    return true;
  }
  const auto& all() const { return entries_; }

 private:
  // A few are searched in order.
  static constexpr size_t entries_before_index = 16;

  Entry* find(std::string_view key) {
    if (entries_.size() > entries_before_index) {
      const auto found = places_.find(key);
      return found == places_.end() ? nullptr : &entries_[found->second];
    }
    for (Entry& entry : entries_)
      if (json::is_same_name(entry.key.text(), key)) return &entry;
    return nullptr;
  }
  void index() {
    if (entries_.size() <= entries_before_index) return;
    for (size_t at = places_.size(); at < entries_.size(); ++at)
      places_.emplace(entries_[at].key.text(), at);
  }

  Heap& heap_;
  std::vector<Entry, PieceAllocator<Entry>> entries_;
  std::unordered_map<std::string_view, size_t> places_;
};

}  // namespace

Answer Run::group(const Group& group, const Item& input, Frame* frame) {
  const List* list = input.list();
  const bool is_stream = list != nullptr && list->is_tuple_stream;
  const bool is_list = input.is_array() && (input.size() > 0 || is_stream);
  const size_t size = is_list ? input.size() : 1;
  Entries entries(heap_, group.pairs.size());
  for (size_t at = 0; at < size; ++at) {
    const Item element = is_list ? input.at(at) : input.is_array() ? Item() : input;
    Frame* tuple = is_stream ? element.frame() : nullptr;
    for (size_t pair = 0; pair < group.pairs.size(); ++pair) {
      const Item key =
          TRY(evaluate(*group.pairs[pair].key, tuple != nullptr ? tuple->value : element,
                       tuple != nullptr ? tuple : frame));
      if (key.is_undefined()) continue;
      if (!key.is_string())
        return fail(Fault("T1003").at(group.position).with("value", shown(key)));
      if (!entries.add(key, pair, element))
        return fail(Fault("D1009").at(group.position).with("value", shown(key)));
    }
  }
  auto record = make_record(heap_);
  for (const Entry& entry : entries.all()) {
    const Node& node = *group.pairs[entry.pair].value;
    Item value;
    if (is_stream) {
      const auto tuple = reduce(heap_, entry.elements, frame);
      value = TRY(evaluate(node, tuple->value, tuple.get()));
    } else {
      value = TRY(evaluate(node, entry.elements, frame));
    }
    if (!value.is_undefined()) record->append(entry.key, std::move(value));
  }
  return record;
}

}  // namespace pawl::asl::jsonata
