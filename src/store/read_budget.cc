#include "store/read_budget.h"

namespace pawl::store {

thread_local ReadBudget* ReadBudget::of_thread_ = nullptr;

ReadBudget::ReadBudget(size_t bytes) : left_(bytes), around_(of_thread_) { of_thread_ = this; }
ReadBudget::~ReadBudget() { of_thread_ = around_; }

bool ReadBudget::is_spent() { return of_thread_ != nullptr && of_thread_->is_spent_; }

Result<void> ReadBudget::take(size_t bytes) {
  if (of_thread_ == nullptr) return {};
  of_thread_->is_spent_ |= bytes > of_thread_->left_;
  if (of_thread_->is_spent_)
    return Error(ErrorCode::limit_exceeded, "it is too large to be read in passing");
  of_thread_->left_ -= bytes;
  return {};
}

}  // namespace pawl::store
