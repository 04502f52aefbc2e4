#pragma once

#include <array>
#include <initializer_list>
#include <vector>

#include "asl/jsonata/value/item.h"

namespace pawl::asl::jsonata {

// The arguments of a call. A few need no memory of their own.
class Arguments {
 public:
  Arguments() = default;
  Arguments(std::initializer_list<Item> items) {
    for (const Item& item : items) push_back(item);
  }

  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  Item* begin() { return size_ <= near_.size() ? near_.data() : far_.data(); }
  Item* end() { return begin() + size_; }
  const Item* begin() const { return size_ <= near_.size() ? near_.data() : far_.data(); }
  const Item* end() const { return begin() + size_; }
  Item& operator[](size_t index) { return begin()[index]; }
  const Item& operator[](size_t index) const { return begin()[index]; }

  void push_back(Item item) {
    if (size_ < near_.size())
      near_[size_++] = std::move(item);
    else
      push_far(std::move(item));
  }

 private:
  void push_far(Item item) {
    if (size_ == near_.size())
      far_.assign(std::make_move_iterator(near_.begin()), std::make_move_iterator(near_.end()));
    far_.push_back(std::move(item));
    ++size_;
  }

  std::array<Item, 4> near_;
  std::vector<Item> far_;  // all of them, where they are more
  size_t size_ = 0;
};

}  // namespace pawl::asl::jsonata
