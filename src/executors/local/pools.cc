#include "executors/local/pools.h"

#include <algorithm>
#include <cmath>

namespace pawl::executors {
namespace {

// A hundred times 0.1 is a little more than 10.
constexpr double vcpus_tolerance = 1e-6;

// How many of a size fit.
size_t times(double size, double free) {
  if (size <= 0) return SIZE_MAX;
  return static_cast<size_t>(std::max(0.0, std::floor((free + vcpus_tolerance) / size)));
}

}  // namespace

Share share_of(const Batch& batch) {
  return {batch.pool.name, batch.work.vcpus, batch.work.memory_mib};
}

size_t Pools::Room::places() const {
  if (waiting.empty()) return 0;
  const Work& work = waiting.front().work;
  size_t count = times(work.vcpus, vcpus - vcpus_taken);
  if (memory_mib > 0)
    count = std::min(count, times(double(work.memory_mib), double(memory_mib - memory_mib_taken)));
  // Who is larger than the pool has it for himself; he would wait for ever otherwise.
  return count == 0 && attempts == 0 ? 1 : count;
}

void Pools::add(Batch batch) {
  Room& room = rooms_[batch.pool.name];
  room.vcpus = batch.pool.vcpus;
  room.memory_mib = batch.pool.memory_mib;
  if (!batch.indexes.empty()) room.waiting.push_back(std::move(batch));
}

std::optional<Batch> Pools::take(size_t count_max) {
  for (auto& [name, room] : rooms_) {
    const size_t places = std::min(room.places(), count_max);
    if (places == 0) continue;
    Batch& front = room.waiting.front();
    Batch taken;
    if (places >= front.indexes.size()) {
      taken = std::move(front);
      room.waiting.pop_front();
    } else {
      const auto end = front.indexes.begin() + static_cast<ptrdiff_t>(places);
      taken = {front.work,   front.pool, front.is_array, {front.indexes.begin(), end},
               front.number, {}};
      front.indexes.erase(front.indexes.begin(), end);
    }
    for (size_t taken_places = 0; taken_places < taken.indexes.size(); ++taken_places)
      occupy(share_of(taken));
    return taken;
  }
  return std::nullopt;
}

bool Pools::has_next() const {
  return std::ranges::any_of(rooms_, [](const auto& row) { return row.second.places() > 0; });
}

bool Pools::is_anyone_waiting() const {
  return std::ranges::any_of(rooms_, [](const auto& row) { return !row.second.waiting.empty(); });
}

bool Pools::remove(const Attempt& attempt) {
  size_t removed = 0;
  for (auto& [name, room] : rooms_) {
    for (Batch& batch : room.waiting) {
      if (batch.work.job_id == attempt.job_id && batch.number == attempt.number)
        removed += std::erase(batch.indexes, attempt.index.value_or(0));
    }
    std::erase_if(room.waiting, [](const Batch& batch) { return batch.indexes.empty(); });
  }
  return removed > 0;
}

void Pools::clear() {
  for (auto& [name, room] : rooms_) room.waiting.clear();
}

void Pools::occupy(const Share& share) {
  Room& room = rooms_[share.pool];
  room.vcpus_taken += share.vcpus;
  room.memory_mib_taken += share.memory_mib;
  ++room.attempts;
}

void Pools::vacate(const Share& share) {
  Room& room = rooms_[share.pool];
  room.vcpus_taken -= share.vcpus;
  room.memory_mib_taken -= share.memory_mib;
  if (--room.attempts == 0 && room.waiting.empty()) rooms_.erase(share.pool);
}

}  // namespace pawl::executors
