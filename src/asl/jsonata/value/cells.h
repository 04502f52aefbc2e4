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

  std::vector<Item> items;
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
  void erase(std::string_view name);

  std::vector<Member> members;

 private:
  size_t place_of(std::string_view name) const;
  void index_members();
  using Index = std::unordered_map<std::string_view, size_t>;
  std::unique_ptr<Index> index_;  // once there are many
};

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
