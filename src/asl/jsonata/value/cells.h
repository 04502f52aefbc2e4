#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

struct Text : Cell {
  Text(Heap& owner, std::string content);
  ~Text() override;
  std::string text;
};

// An array of the evaluation's own. It may be changed only while one owner builds it.
struct List : Cell {
  explicit List(Heap& owner);
  ~List() override;

  void push(Item item) {
    if (item.is_array() || item.is_object() || item.is_string()) hold(item);
    heap.take(sizeof(Item));
    items.push_back(std::move(item));
  }
  void reserve(size_t count) { items.reserve(count); }
  size_t size() const { return is_range ? range_size : items.size(); }
  Item at(size_t index) const {
    return is_range ? Item(range_first + static_cast<double>(index)) : items[index];
  }

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

 private:
  void hold(const Item& part);
};

// An object of the evaluation's own, in the order of its members.
struct Record : Cell {
  explicit Record(Heap& owner);
  ~Record() override;

  struct Member {
    Item key;
    Item value;
  };
  const Item* find(std::string_view name) const;
  void set(const Item& key, Item value);
  // REQUIRES: no member of that name.
  void append(const Item& key, Item value);
  void reserve(size_t count) { members.reserve(count); }
  void erase(std::string_view name);

  std::vector<Member, PieceAllocator<Member>> members;

 private:
  void add(const Item& key, Item value);
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
  if (source_ == Source::cell) return static_cast<const Text*>(cell_)->text;
  return source_ == Source::name ? std::string_view(*name_) : value_->string();
}

inline size_t Item::size() const {
  if (source_ == Source::value)
    return kind_ == Kind::array ? value_->elements().size() : value_->members().size();
  if (kind_ == Kind::array) return static_cast<const List*>(cell_)->size();
  return static_cast<const Record*>(cell_)->members.size();
}

inline Item Item::at(size_t index) const {
  if (source_ == Source::value) return of(value_->elements()[index]);
  return static_cast<const List*>(cell_)->at(index);
}

inline Item Item::member(std::string_view name) const {
  if (kind_ != Kind::object) return Item();
  if (source_ == Source::value) {
    const json::Value* found = value_->find(name);
    return found == nullptr ? Item() : of(*found);
  }
  const Item* found = static_cast<const Record*>(cell_)->find(name);
  return found == nullptr ? Item() : *found;
}

inline Item Item::member(std::string_view name, uint32_t& place) const {
  if (kind_ != Kind::object || source_ != Source::value) return member(name);
  const json::Value* found = value_->find(name, place);
  return found == nullptr ? Item() : of(*found);
}

inline Item Item::key_at(size_t index) const {
  if (source_ == Source::value) return of(value_->members()[index].name);
  return static_cast<const Record*>(cell_)->members[index].key;
}

inline Item Item::value_at(size_t index) const {
  if (source_ == Source::value) return of(value_->members()[index].value);
  return static_cast<const Record*>(cell_)->members[index].value;
}

inline List* Item::list() const {
  return kind_ == Kind::array && source_ == Source::cell ? static_cast<List*>(cell_) : nullptr;
}

inline Record* Item::record() const {
  return kind_ == Kind::object && source_ == Source::cell ? static_cast<Record*>(cell_) : nullptr;
}

inline const LibraryRow* Item::library() const {
  return kind_ == Kind::function && source_ == Source::row ? row_ : nullptr;
}

inline uint32_t Item::depth() const {
  if (kind_ != Kind::array && kind_ != Kind::object) return 0;
  return source_ == Source::cell ? cell_->depth : static_cast<uint32_t>(value_->depth());
}

inline uint64_t Item::unfolded() const {
  constexpr size_t text_bytes_of_item = 64;
  if (kind_ == Kind::string) return 1 + text().size() / text_bytes_of_item;
  if (kind_ != Kind::array && kind_ != Kind::object) return 1;
  return source_ == Source::cell ? 1 + size() + cell_->unfolded
                                 : 1 + value_->text_size() / text_bytes_of_item;
}

// The elements of an array, for going through them. REQUIRES: the array outlives it.
class Elements {
 public:
  explicit Elements(const Item& array) : size_(array.size()) {
    if (const List* list = array.list()) {
      items_ = list->is_range ? nullptr : list->items.data();
      first_ = list->range_first;
    } else {
      values_ = array.outside()->elements().data();
    }
  }
  size_t size() const { return size_; }
  Item operator[](size_t index) const {
    if (values_ != nullptr) return Item::of(values_[index]);
    return items_ != nullptr ? items_[index] : Item(first_ + static_cast<double>(index));
  }

 private:
  const json::Value* values_ = nullptr;
  const Item* items_ = nullptr;
  double first_ = 0;
  size_t size_;
};

Item make_text(Heap& heap, std::string text);
Ref<List> make_list(Heap& heap);
Ref<List> make_sequence(Heap& heap);
Ref<List> make_range(Heap& heap, double first, size_t count);
Ref<Record> make_record(Heap& heap);

}  // namespace pawl::asl::jsonata
