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

  void push(Item item);
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
  std::unordered_map<std::string_view, size_t> index_;  // once there are many
};

Item make_text(Heap& heap, std::string text);
Ref<List> make_list(Heap& heap);
Ref<List> make_sequence(Heap& heap);
Ref<List> make_range(Heap& heap, double first, size_t count);
Ref<Record> make_record(Heap& heap);

}  // namespace pawl::asl::jsonata
