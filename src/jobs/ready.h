#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace pawl::jobs {

// The children of a queue that may run, in the order in which they will: the share that uses least
// first, or of those the one that was given least so far; in it the higher scheduling priority, in
// that the one that became ready earlier. Without a scheduling policy all are of one share and one
// priority: first come, first served. What does not wait any more is left in and skipped by who
// takes.
class Ready {
 public:
  struct Range {
    int64_t job = 0;
    int32_t first = 0, count = 0;
  };
  using Weight = std::function<double(const std::string& share)>;

  void push(const std::string& share, int64_t priority, Range range);
  // The children that will be next, as a range; null: there are none.
  Range* next(const Weight& weight);
  // The first child of what next() gave is skipped.
  void pop();
  // Or taken, and counts so much for its share.
  void take(double cost);

  bool is_empty() const { return shares_.empty(); }

  void use(const std::string& share, double vcpus);  // less than zero: given back
  double used() const;

  // All that fit nowhere, to be tried again when there is another environment.
  std::vector<Range> misfits;
  int64_t waiting = 0;  // about: those that are skipped are in it

 private:
  using Levels = std::map<int64_t, std::deque<Range>, std::greater<>>;
  std::map<std::string, Levels> shares_;
  std::map<std::string, double> used_;
  // What each share was given, weighted. One that has been away begins with what the others have.
  std::map<std::string, double> given_;
  std::string at_share_;
};

}  // namespace pawl::jobs
