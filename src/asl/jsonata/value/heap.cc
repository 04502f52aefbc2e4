#include "asl/jsonata/value/heap.h"

#include <algorithm>

namespace pawl::asl::jsonata {
namespace {

// The sanitizer sees what is used after its end only where every cell has memory of its own.
#ifdef __SANITIZE_ADDRESS__
constexpr bool shares_blocks = false;
#else
constexpr bool shares_blocks = true;
#endif

}  // namespace

void* Heap::allocate_fresh(size_t size) {
  if (!shares_blocks) return ::operator new(size);
  if (block_used_ + size > block_size_) {
    block_size_ = std::clamp(block_size_ * 2, first_block_size, last_block_size);
    blocks_.push_back(std::make_unique_for_overwrite<std::byte[]>(block_size_));
    block_used_ = 0;
  }
  return blocks_.back().get() + std::exchange(block_used_, block_used_ + size);
}

void Heap::recycle(void* place, size_t size) {
  if (!shares_blocks) return ::operator delete(place);
  Free*& first = free_[(size + step - 1) / step];
  first = new (place) Free{first};
}

void Heap::bury(Cell* cell) {
  cell->next_dead = dead_;
  dead_ = cell;
  if (is_burying_) return;
  is_burying_ = true;
  while (dead_ != nullptr) {
    Cell* last = dead_;
    dead_ = last->next_dead;
    const size_t size = last->cell_size;
    last->~Cell();
    recycle_piece(last, size);
  }
  is_burying_ = false;
}

}  // namespace pawl::asl::jsonata
