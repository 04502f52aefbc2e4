#include "asl/jsonata/value/heap.h"

namespace pawl::asl::jsonata {

void Heap::bury(Cell* cell) {
  cell->next_dead = dead_;
  dead_ = cell;
  if (is_burying_) return;
  is_burying_ = true;
  while (dead_ != nullptr) {
    Cell* last = dead_;
    dead_ = last->next_dead;
    delete last;
  }
  is_burying_ = false;
}

}  // namespace pawl::asl::jsonata
