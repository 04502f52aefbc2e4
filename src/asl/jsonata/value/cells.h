#pragma once

#include <algorithm>
#include <string>
#include <unordered_map>
#include <vector>

#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

// A text. Its characters stand right behind it, in the same piece of memory.
struct Text : Cell {
  Text(Heap& owner, size_t length);
  ~Text() override;
  char* characters() { return reinterpret_cast<char*>(this + 1); }
  const char* characters() const { return reinterpret_cast<const char*>(this + 1); }
  size_t length;
};

// An array or object of the evaluation's own, and how much it holds.
struct Whole : Cell {
  using Cell::Cell;

  // A copy whose parts from outside are copied when they are looked at.
  bool is_copied_late = false;

 protected:
  Item& looked_at(Item& part) {
    if (is_copied_late) copy_from_outside(part);
    return part;
  }
  void hold(const Item& part);

 private:
  void deepen(uint32_t part_depth);
  void copy_from_outside(Item& part);
};

// An array of the evaluation's own. It may be changed only while one owner builds it.
struct List : Whole {
  explicit List(Heap& owner);
  ~List() override;

  void push(Item item) {
    if (item.is_array() || item.is_object() || item.is_string()) hold(item);
    heap.take(sizeof(Item));
    items.push_back(std::move(item));
  }
  void reserve(size_t count) { items.reserve(count); }
  size_t size() const { return is_range ? range_size : items.size(); }
  Item at(size_t index) {
    return is_range ? Item(range_first + static_cast<double>(index)) : looked_at(items[index]);
  }
  // As if each had been looked at.
  void look_at_all();

  std::vector<Item, PieceAllocator<Item>> items;
  // Whole numbers one after another, which nobody needs to store.
  bool is_range = false;
  double range_first = 0;
  size_t range_size = 0;

  bool is_sequence = false;       // one element stands for itself, none for nothing
  bool keeps_singleton = false;   // a sequence that stays an array
  bool is_constructed = false;    // written as [...]: not flattened by the next step
  bool is_outer_wrapper = false;  // around an input that is an array
  bool is_tuple_stream = false;
};

// An object of the evaluation's own, in the order of its members.
struct Record : Whole {
  explicit Record(Heap& owner);
  ~Record() override;

  struct Member {
    Item key;
    Item value;
  };
  // Null where there is none. `place` is where it was found the last time, and is now.
  const Item* find(std::string_view name, uint32_t& place);
  const Item& value_at(size_t index) { return looked_at(members[index].value); }
  void set(const Item& key, Item value);
  // REQUIRES: no member of that name.
  void append(Item key, Item value);
  void reserve(size_t count) { members.reserve(count); }
  void erase(std::string_view name);

  std::vector<Member, PieceAllocator<Member>> members;

 private:
  void add(Item key, Item value);
  size_t place_of(std::string_view name) const;
  void index_members();
  using Index = std::unordered_map<std::string_view, size_t>;
  std::unique_ptr<Index> index_;  // once there are many
};

// What an item is asked for most.

inline Item::Item(Ref<Text> text) : Item(Kind::string, text.get()) {}
inline Item::Item(Ref<List> list) : Item(Kind::array, list.get()) {}
inline Item::Item(Ref<Record> record) : Item(Kind::object, record.get()) {}
inline std::string_view Item::text() const {
  if (source() == Source::cell) {
    const auto* cell = static_cast<const Text*>(cell_);
    return {cell->characters(), cell->length};
  }
  return source() == Source::name ? std::string_view(*name_) : value_->string();
}

inline size_t Item::size() const {
  if (source() == Source::value)
    return kind() == Kind::array ? value_->elements().size() : value_->members().size();
  if (kind() == Kind::array) return static_cast<const List*>(cell_)->size();
  return static_cast<const Record*>(cell_)->members.size();
}

inline Item Item::at(size_t index) const {
  if (source() == Source::value) return of(value_->elements()[index]);
  return static_cast<List*>(cell_)->at(index);
}

inline Item Item::member(std::string_view name) const {
  uint32_t place = 0;
  return member(name, place);
}

inline Item Item::member(std::string_view name, uint32_t& place) const {
  if (kind() != Kind::object) return Item();
  if (source() == Source::value) {
    const json::Value* found = value_->find(name, place);
    return found == nullptr ? Item() : of(*found);
  }
  const Item* found = static_cast<Record*>(cell_)->find(name, place);
  return found == nullptr ? Item() : *found;
}

inline Item Item::key_at(size_t index) const {
  if (source() == Source::value) return of(value_->members()[index].name);
  return static_cast<const Record*>(cell_)->members[index].key;
}

inline Item Item::value_at(size_t index) const {
  if (source() == Source::value) return of(value_->members()[index].value);
  return static_cast<Record*>(cell_)->value_at(index);
}

inline List* Item::list() const {
  return kind() == Kind::array && source() == Source::cell ? static_cast<List*>(cell_) : nullptr;
}

inline Record* Item::record() const {
  return kind() == Kind::object && source() == Source::cell ? static_cast<Record*>(cell_) : nullptr;
}

inline const LibraryRow* Item::library() const {
  return kind() == Kind::function && source() == Source::row ? row_ : nullptr;
}

inline uint32_t Item::depth() const {
  if (kind() != Kind::array && kind() != Kind::object) return 0;
  return source() == Source::cell ? cell_->depth : static_cast<uint32_t>(value_->depth());
}

inline uint64_t Item::unfolded() const {
  constexpr size_t text_bytes_of_item = 64;
  if (kind() == Kind::string) return 1 + text().size() / text_bytes_of_item;
  if (kind() != Kind::array && kind() != Kind::object) return 1;
  return source() == Source::cell ? 1 + size() + cell_->unfolded
                                  : 1 + value_->text_size() / text_bytes_of_item;
}

inline void Whole::hold(const Item& part) {
  constexpr uint64_t unfolded_max = uint64_t{1} << 62;
  unfolded = std::min(unfolded + part.unfolded(), unfolded_max);
  heap.note_unfolded(unfolded);
  const uint32_t part_depth = part.depth();
  if (part_depth >= depth) deepen(part_depth);
}

Item make_text(Heap& heap, std::string_view text);
// One of that many characters, for the caller to write.
Ref<Text> make_blank_text(Heap& heap, size_t length);
Ref<List> make_list(Heap& heap);
Ref<List> make_sequence(Heap& heap);
Ref<List> make_range(Heap& heap, double first, size_t count);
Ref<Record> make_record(Heap& heap);

}  // namespace pawl::asl::jsonata
