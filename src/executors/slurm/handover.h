#pragma once

#include <deque>
#include <string>
#include <vector>

#include "executors/slurm/watch.h"

namespace pawl::executors {

// Brings batches to Slurm: writes down what is handed over, in pieces that fit into an array of
// Slurm, and calls sbatch for each until it is there.
class Handover {
 public:
  Handover(const Surroundings& surroundings, Watch& watch) : is_(surroundings), watch_(watch) {}

  void add(Batch batch);
  // Whether it was in a batch that waits here, which it then does not any more.
  bool withdraw(const Attempt& attempt);
  // Takes everything as far as it goes now.
  void advance();
  bool is_idle() const { return waiting_.empty(); }

 private:
  // Children that go into one array, and the submission that they come after, or null.
  struct Piece {
    std::vector<int32_t> indexes;
    int32_t offset = 0;
    Submission* parent = nullptr;
  };

  Result<void> write_down(Batch& batch);
  std::vector<int32_t> new_indexes(const Batch& batch);
  Result<std::vector<Piece>> pieces_of(const Batch& batch, const std::vector<int32_t>& indexes);
  Result<void> write_down_piece(const Batch& batch, Piece piece);
  Result<int32_t> array_size();
  // False where Slurm does not answer, and would not to the next one either.
  bool submit(Submission& submission);
  void give_up(Submission& submission, const Error& error);
  void note_failure(Submission& submission, const Error& error);

  Surroundings is_;
  Watch& watch_;
  std::deque<Batch> waiting_;
  int32_t array_size_ = 0;  // 0: not known
  int64_t last_stamp_ = 0;
  bool is_failing_ = false;
  Steady::time_point next_try_;
};

}  // namespace pawl::executors
