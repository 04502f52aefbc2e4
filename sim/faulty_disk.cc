#include "sim/faulty_disk.h"

#include <algorithm>

namespace pawl::sim {
namespace {

constexpr size_t sector_bytes = 512;

void put(std::string& contents, size_t offset, std::string_view bytes) {
  contents.resize(std::max(contents.size(), offset + bytes.size()));
  contents.replace(offset, bytes.size(), bytes);
}

}  // namespace

void FaultyDisk::fail_call(size_t number, Fault fault, Lasts lasts) {
  failing_call_ = number;
  fault_ = fault;
  lasts_ = lasts;
  calls_ = 0;
  has_failed_ = false;
}

FaultyDisk::Fault FaultyDisk::next_call(bool writes) {
  if (is_paused_) return Fault::none;
  ++calls_;
  if (!failing_call_ || calls_ < *failing_call_) return Fault::none;
  if (lasts_ == Lasts::one_call && calls_ > *failing_call_) return Fault::none;
  if (fault_ == Fault::full && !writes) {
    // The first that writes is the one to fail.
    if (lasts_ == Lasts::one_call) ++*failing_call_;
    return Fault::none;
  }
  has_failed_ = true;
  return fault_;
}

void FaultyDisk::opened(const std::string& path, std::string contents) {
  File file;
  // An empty file has been made this moment, or was made by a process that died early.
  file.is_durable = !contents.empty();
  file.synced = std::move(contents);
  files_.try_emplace(path, std::move(file));
}

void FaultyDisk::wrote(const std::string& path, int64_t offset, std::string_view bytes) {
  files_[path].unsynced.push_back({.offset = offset, .bytes = std::string(bytes)});
}

void FaultyDisk::truncated(const std::string& path, int64_t size) {
  files_[path].unsynced.push_back({.offset = size, .bytes = std::nullopt});
}

void FaultyDisk::synced(const std::string& path) {
  File& file = files_[path];
  file.is_durable = true;
  for (const Change& change : file.unsynced) apply(change, file.synced);
  file.unsynced.clear();
}

void FaultyDisk::failed_to_sync(const std::string& path) {
  File& file = files_[path];
  for (const Change& change : file.unsynced) {
    if (chance_.one_in(2)) apply(change, file.synced);
  }
  file.unsynced.clear();
}

void FaultyDisk::removed(const std::string& path) { files_.erase(path); }

void FaultyDisk::moved(const std::string& from, const std::string& to) {
  auto file = files_.extract(from);
  if (file.empty()) return;
  file.key() = to;
  files_.insert(std::move(file));
}

std::optional<std::string> FaultyDisk::after_power_failure(const std::string& path) {
  const auto found = files_.find(path);
  if (found == files_.end()) return std::nullopt;
  const File& file = found->second;
  if (!file.is_durable && chance_.one_in(2)) return std::nullopt;
  std::string contents = file.synced;
  for (const Change& change : file.unsynced) {
    const size_t dice = chance_.below(3);
    if (dice == 0) apply(change, contents);
    if (dice == 1) apply_sectors(change, contents);
  }
  return contents;
}

void FaultyDisk::apply(const Change& change, std::string& contents) {
  const auto offset = static_cast<size_t>(change.offset);
  if (change.bytes) {
    put(contents, offset, *change.bytes);
  } else {
    contents.resize(offset);
  }
}

void FaultyDisk::apply_sectors(const Change& change, std::string& contents) {
  if (!change.bytes) return;
  const std::string_view bytes = *change.bytes;
  const auto offset = static_cast<size_t>(change.offset);
  size_t begin = 0;
  while (begin < bytes.size()) {
    // Up to the end of the sector on the disk, wherever the write began.
    const size_t end =
        std::min(bytes.size(), begin + sector_bytes - (offset + begin) % sector_bytes);
    if (chance_.one_in(2)) put(contents, offset + begin, bytes.substr(begin, end - begin));
    begin = end;
  }
}

}  // namespace pawl::sim
