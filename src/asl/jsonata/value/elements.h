#pragma once

#include "asl/jsonata/value/cells.h"

namespace pawl::asl::jsonata {

// The elements of an array, for going through them. REQUIRES: the array outlives it.
class Elements {
 public:
  explicit Elements(const Item& array) : size_(array.size()) {
    if (List* list = array.list()) {
      list->look_at_all();
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

}  // namespace pawl::asl::jsonata
