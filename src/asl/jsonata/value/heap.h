#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>
#include <vector>

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
  uint16_t depth = 0;  // of lists and records within each other
  // How many items its parts are when they are written out, each time they are there. What shares
  // its parts may be small in memory and too large to be walked.
  uint64_t unfolded = 0;
  size_t cell_size = 0;  // in memory
};

// Makes the cells and counts their bytes. Cells die one after another, never within each other: a
// chain of a million closures needs no deep stack to go.
class Heap {
 public:
  // Lists and records deeper than this are too much: they are walked by recursion.
  static constexpr uint16_t depth_max = 1000;

  explicit Heap(size_t bytes_max) : bytes_max_(bytes_max) {}
  Heap(const Heap&) = delete;
  Heap& operator=(const Heap&) = delete;

  template <typename T, typename... Arguments>
  T* make(Arguments&&... arguments) {
    return make_long<T>(0, std::forward<Arguments>(arguments)...);
  }
  // A cell with so many bytes behind it.
  template <typename T, typename... Arguments>
  T* make_long(size_t more, Arguments&&... arguments) {
    const size_t size = sizeof(T) + more;
    T* cell = new (allocate_piece(size)) T(*this, std::forward<Arguments>(arguments)...);
    cell->cell_size = size;
    return cell;
  }

  void take(size_t bytes) {
    bytes_ += bytes;
    bytes_ever_ += bytes;
    if (bytes_ > bytes_max_) is_over_ = true;
  }
  void give_back(size_t bytes) { bytes_ -= bytes; }
  size_t bytes() const { return bytes_; }
  // All that was taken, whether it was given back or not.
  size_t bytes_ever() const { return bytes_ever_; }
  void note_depth(uint32_t depth) {
    if (depth > depth_max) is_over_ = true;
  }
  void note_unfolded(uint64_t items) {
    if (items > bytes_max_ / bytes_of_item) is_over_ = true;
  }
  // Whether more was made than may be. It is for the caller to end the evaluation then.
  bool is_over() const { return is_over_; }

  void bury(Cell* cell);

  // Memory that is not counted here; given back with the same size.
  void* allocate_piece(size_t size) {
    return size <= piece_size_max ? allocate(size) : ::operator new(size);
  }
  void recycle_piece(void* place, size_t size) {
    if (size <= piece_size_max) return recycle(place, size);
    ::operator delete(place);
  }

  Frame* frames = nullptr;  // all that live

 private:
  static constexpr uint64_t bytes_of_item = 8;
  static constexpr size_t step = 16, sizes = 32;
  // Most evaluations need little: each block is larger than the one before it, up to the last size.
  static constexpr size_t first_block_size = 2 << 10, last_block_size = 32 << 10;
  static constexpr size_t piece_size_max = step * (sizes - 1);
  struct Free {
    Free* next;
  };

  void* allocate(size_t size) {
    Free*& first = free_[(size + step - 1) / step];
    if (first == nullptr) return allocate_fresh((size + step - 1) / step * step);
    return std::exchange(first, first->next);
  }
  void* allocate_fresh(size_t size);
  void recycle(void* place, size_t size);

  size_t bytes_max_;
  size_t bytes_ = 0;
  size_t bytes_ever_ = 0;
  bool is_over_ = false;
  bool is_burying_ = false;
  Cell* dead_ = nullptr;
  std::array<Free*, sizes> free_{};
  std::vector<std::unique_ptr<std::byte[]>> blocks_;
  size_t block_used_ = 0, block_size_ = 0;
};

// Gives what cells hold beside themselves: small pieces come from the heap's blocks.
template <typename T>
class PieceAllocator {
 public:
  using value_type = T;
  explicit PieceAllocator(Heap& heap) : heap_(&heap) {}
  template <typename Other>
  PieceAllocator(const PieceAllocator<Other>& other) : heap_(&other.heap()) {}

  T* allocate(size_t count) { return static_cast<T*>(heap_->allocate_piece(count * sizeof(T))); }
  void deallocate(T* piece, size_t count) { heap_->recycle_piece(piece, count * sizeof(T)); }
  Heap& heap() const { return *heap_; }
  friend bool operator==(const PieceAllocator& left, const PieceAllocator& right) {
    return left.heap_ == right.heap_;
  }

 private:
  Heap* heap_;
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
