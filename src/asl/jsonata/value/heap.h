#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

namespace pawl::asl::jsonata {

class Heap;
struct Frame;

// What an evaluation makes and counts references to: texts, lists, records, functions, frames.
// Belongs to one evaluation and one thread, so the counts are plain numbers.
struct Cell {
  explicit Cell(Heap& owner) : heap(owner) {}
  Cell(const Cell&) = delete;
  Cell& operator=(const Cell&) = delete;
  virtual ~Cell() = default;

  Heap& heap;
  Cell* next_dead = nullptr;
  uint32_t references = 0;
  uint32_t depth = 0;  // of lists and records within each other
};

// Counts the bytes of the cells that live. Cells die one after another, never within each other:
// a chain of a million closures needs no deep stack to go.
class Heap {
 public:
  Heap() = default;
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  void take(size_t bytes) { bytes_ += bytes; }
  void give_back(size_t bytes) { bytes_ -= bytes; }
  size_t bytes() const { return bytes_; }

  // The deepest nesting of lists and records that was ever made.
  void note_depth(uint32_t depth) {
    if (depth > depth_) depth_ = depth;
  }
  uint32_t depth() const { return depth_; }

  void bury(Cell* cell);

  Frame* frames = nullptr;  // all that live

 private:
  size_t bytes_ = 0;
  uint32_t depth_ = 0;
  Cell* dead_ = nullptr;
  bool is_burying_ = false;
};

inline void retain(Cell* cell) { ++cell->references; }
inline void release(Cell* cell) {
  if (--cell->references == 0) cell->heap.bury(cell);
}

// A counted pointer to a cell.
template <typename T>
class Ref {
 public:
  Ref() = default;
  explicit Ref(T* cell) : cell_(cell) {
    if (cell_ != nullptr) retain(cell_);
  }
  Ref(const Ref& other) : Ref(other.cell_) {}
  Ref(Ref&& other) noexcept : cell_(std::exchange(other.cell_, nullptr)) {}
  Ref& operator=(Ref other) noexcept {
    std::swap(cell_, other.cell_);
    return *this;
  }
  ~Ref() {
    if (cell_ != nullptr) release(cell_);
  }

  T* get() const { return cell_; }
  T* operator->() const { return cell_; }
  T& operator*() const { return *cell_; }
  explicit operator bool() const { return cell_ != nullptr; }

 private:
  T* cell_ = nullptr;
};

}  // namespace pawl::asl::jsonata
