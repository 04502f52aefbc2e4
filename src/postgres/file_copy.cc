#include "postgres/file_copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <mutex>
#include <thread>

#include "base/text.h"
#include "postgres/checksum.h"
#include "world/files.h"

namespace pawl::postgres {
namespace {

using SteadyClock = std::chrono::steady_clock;
using world::FileDescriptor;

// What goes through the page cache is read in pieces small enough for the nearer caches: with 1 MiB
// a copy took half as long again. What passes it by costs a turn of the disk for each piece.
constexpr size_t piece_bytes = 128 << 10;
constexpr size_t buffer_bytes = 1 << 20;
// A big file is written past the page cache, which was most of a copy's work: 3 GB took 2 s instead
// of 9, and the server's own pages stay in memory.
constexpr uint64_t direct_bytes_min = 8 << 20;
constexpr size_t direct_alignment = 4096;
// After so many bytes the disk is told to begin writing, so that the sync at the end finds less to
// do. More often costs more than it saves.
constexpr uint64_t writeback_bytes = 64 << 20;
constexpr std::string_view temporary_suffix = ".pawl-part";

// One thread has a file to itself. Two that write to one file take turns at the kernel's lock of
// it, which made copies three to five times slower; PostgreSQL's files are 1 GB at most.
struct OpenFile {
  bool is_settled = false;  // skipped, shared or vanished: there is nothing to copy
  bool is_direct = false;   // the target is written past the page cache
  FileDescriptor source, target;
};

struct Free {
  void operator()(char* bytes) const { std::free(bytes); }
};
using Buffer = std::unique_ptr<char, Free>;

Buffer make_buffer() {
  return Buffer(static_cast<char*>(std::aligned_alloc(direct_alignment, buffer_bytes)));
}

void set_direct(OpenFile& open, bool is_direct) {
  const int flags = ::fcntl(open.target.number(), F_GETFL);
  const int wanted = is_direct ? flags | O_DIRECT : flags & ~O_DIRECT;
  open.is_direct = flags >= 0 && ::fcntl(open.target.number(), F_SETFL, wanted) == 0 && is_direct;
}

class Copy {
 public:
  Copy(std::vector<FileToCopy>& files, const FileCopyOptions& options, const CopyProgress& progress,
       const world::Cancellation& cancellation)
      : files_(files),
        options_(options),
        progress_(progress),
        cancellation_(cancellation),
        open_files_(std::make_unique<OpenFile[]>(files.size())),
        may_share_(options.may_share_blocks) {}

  Result<FileCopyTotals> run() {
    plan();
    std::vector<std::thread> threads;
    const size_t count = std::min<size_t>(order_.size(), std::max(options_.threads, 1));
    for (size_t at = 1; at < count; ++at) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    if (error_) {
      remove_unfinished();
      return std::move(*error_);
    }
    if (progress_) progress_(total_, total_);
    return FileCopyTotals{total_, copied_, skipped_, shared_};
  }

 private:
  void plan() {
    std::vector<size_t> order(files_.size());
    for (size_t at = 0; at < order.size(); ++at) order[at] = at;
    std::stable_sort(order.begin(), order.end(), [&](size_t left, size_t right) {
      return files_[left].size > files_[right].size;
    });
    for (size_t file : order) total_ += files_[file].size;
    order_ = std::move(order);
  }

  void work() {
    const Buffer buffer = make_buffer();
    while (!is_stopped_) {
      const size_t next = next_.fetch_add(1);
      if (next >= order_.size()) return;
      const auto copied = copy(order_[next], buffer.get());
      if (!copied) fail(copied.error());
    }
  }

  void fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!error_) error_ = error;
    is_stopped_ = true;
  }

  Result<void> copy(size_t number, char* buffer) {
    FileToCopy& file = files_[number];
    OpenFile& open = open_files_[number];
    TRY(begin(file, open, buffer));
    if (open.is_settled) return {};
    Checksum checksum(file.algorithm.empty() ? "CRC32C" : file.algorithm);
    TRY(copy_bytes(file, open, buffer, checksum));
    file.crc = checksum.crc();
    return complete(file, open, checksum.finish());
  }

  Result<void> begin(FileToCopy& file, OpenFile& open, char* buffer) {
    const std::string source = path(options_.source, file), target = path(options_.target, file);
    if (!file.algorithm.empty() && !Checksum::is_known(file.algorithm)) {
      return Error(ErrorCode::unsupported,
                   concat(source, " has a checksum of the unknown kind ", file.algorithm));
    }
    auto opened = world::open_file(source, O_RDONLY, "cannot read");
    if (!opened) {
      const bool is_missing = opened.error().code() == ErrorCode::not_found;
      if (is_missing && options_.is_live) {
        file.is_vanished = open.is_settled = true;
        advance(file.size);
        return {};
      }
      if (!is_missing) return std::move(opened).error();
      return Error(ErrorCode::corrupt, concat(source, " is missing"));
    }
    open.source = std::move(*opened);
    TRY(look_at_source(file, open, source));
    if (options_.only_reads) return {};
    if (TRY(is_there(file, target, buffer))) {
      open.is_settled = true;
      skipped_ += file.size;
      advance(file.size);
      return {};
    }
    open.target = TRY(world::open_file(target + std::string(temporary_suffix),
                                       O_RDWR | O_CREAT | O_TRUNC, "cannot write"));
    if (options_.owner &&
        ::fchown(open.target.number(), options_.owner->user, options_.owner->group) != 0) {
      return errno_error(concat("cannot change the owner of ", target), errno);
    }
    if (share(file, open)) return name_file(open, target);
    if (file.size >= direct_bytes_min) set_direct(open, true);
    return take_space(file.size);
  }

  Result<void> look_at_source(FileToCopy& file, const OpenFile& open,
                              const std::string& source) const {
    struct stat status;
    if (::fstat(open.source.number(), &status) != 0) {
      return errno_error(concat("cannot look at ", source), errno);
    }
    file.modified = Instant(seconds(status.st_mtim.tv_sec));
    const auto size = static_cast<uint64_t>(status.st_size);
    if (options_.is_live || size == file.size) return {};
    return Error(ErrorCode::corrupt,
                 concat(source, " has ", size, " bytes and should have ", file.size));
  }

  // What an earlier run completed is not copied again, but is read: a crash may have torn it.
  Result<bool> is_there(const FileToCopy& file, const std::string& target, char* buffer) const {
    if (file.checksum.empty()) return false;
    struct stat status;
    if (::stat(target.c_str(), &status) != 0) return false;
    if (!S_ISREG(status.st_mode) || static_cast<uint64_t>(status.st_size) != file.size) {
      return false;
    }
    const FileDescriptor present = TRY(world::open_file(target, O_RDONLY, "cannot read"));
    Checksum checksum(file.algorithm);
    for (;;) {
      if (cancellation_.is_requested()) return cancelled();
      const ssize_t count = ::read(present.number(), buffer, buffer_bytes);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return errno_error(concat("cannot read ", target), errno);
      if (count == 0) return checksum.finish() == file.checksum;
      checksum.update({buffer, static_cast<size_t>(count)});
    }
  }

  bool share(const FileToCopy& file, OpenFile& open) {
    if (!may_share_ || file.size == 0) return false;
    if (::ioctl(open.target.number(), FICLONE, open.source.number()) != 0) {
      may_share_ = false;  // this file system cannot; do not ask for each file
      return false;
    }
    open.is_settled = true;
    shared_ += file.size;
    advance(file.size);
    return true;
  }

  Result<void> take_space(uint64_t bytes) {
    if (!options_.space || (taken_ += bytes) <= *options_.space) return {};
    return Error(
        ErrorCode::out_of_space,
        concat("not enough space in ", options_.target, ": at least ", format_bytes(taken_),
               " are needed, ", format_bytes(*options_.space), " are free below the limit"),
        "Raise space_limit of the region or remove old snapshots.");
  }

  Result<void> copy_bytes(const FileToCopy& file, OpenFile& open, char* buffer,
                          Checksum& checksum) {
    uint64_t written_back = 0;
    for (uint64_t at = 0; at < file.size;) {
      if (is_stopped_ || cancellation_.is_requested()) return cancelled();
      const size_t piece = open.is_direct ? buffer_bytes : piece_bytes;
      const size_t wanted = std::min<uint64_t>(piece, file.size - at);
      const size_t count = TRY(read_some(file, open, {buffer, wanted, at}));
      checksum.update({buffer, count});
      at += count;
      advance(count);
      if (options_.only_reads) continue;
      TRY(write_at(file, open, {buffer, count, at - count}));
      copied_ += count;
      if (!open.is_direct && at - written_back >= writeback_bytes) {
        ::sync_file_range(open.target.number(), static_cast<off_t>(written_back),
                          static_cast<off_t>(at - written_back), SYNC_FILE_RANGE_WRITE);
        written_back = at;
      }
    }
    return {};
  }

  struct Chunk {
    char* bytes;
    size_t size;
    uint64_t at;
  };

  Result<size_t> read_some(const FileToCopy& file, const OpenFile& open, Chunk chunk) const {
    for (;;) {
      const ssize_t count =
          ::pread(open.source.number(), chunk.bytes, chunk.size, static_cast<off_t>(chunk.at));
      if (count > 0) return static_cast<size_t>(count);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return errno_error(concat("cannot read ", path(options_.source, file)), errno);
      }
      if (!options_.is_live) {
        return Error(ErrorCode::corrupt, concat(path(options_.source, file), " is cut short"));
      }
      std::memset(chunk.bytes, 0, chunk.size);
      return chunk.size;
    }
  }

  Result<void> write_at(const FileToCopy& file, OpenFile& open, Chunk chunk) const {
    while (chunk.size > 0) {
      // The end of a file, and what follows a piece that was cut short, goes the common way.
      const bool is_aligned = (chunk.at | chunk.size) % direct_alignment == 0;
      if (open.is_direct && !is_aligned) set_direct(open, false);
      const ssize_t count =
          ::pwrite(open.target.number(), chunk.bytes, chunk.size, static_cast<off_t>(chunk.at));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0 && errno == EINVAL && open.is_direct) {
        set_direct(open, false);
        continue;
      }
      if (count < 0) {
        return errno_error(concat("cannot write ", path(options_.target, file)), errno);
      }
      chunk.bytes += count;
      chunk.size -= static_cast<size_t>(count);
      chunk.at += static_cast<uint64_t>(count);
    }
    return {};
  }

  Result<void> complete(const FileToCopy& file, OpenFile& open, const std::string& checksum) {
    if (!file.checksum.empty() && checksum != file.checksum) {
      return Error(ErrorCode::corrupt,
                   concat(path(options_.source, file), " has the ", file.algorithm, " checksum ",
                          checksum, " and should have ", file.checksum));
    }
    if (options_.only_reads) {
      open.source.close();
      return {};
    }
    return name_file(open, path(options_.target, file));
  }

  Result<void> name_file(OpenFile& open, const std::string& target) {
    const std::string temporary = target + std::string(temporary_suffix);
    if (::rename(temporary.c_str(), target.c_str()) != 0) {
      return errno_error(concat("cannot rename ", temporary), errno);
    }
    open.source.close();
    open.target.close();
    return {};
  }

  void remove_unfinished() const {
    for (size_t at = 0; at < files_.size(); ++at) {
      if (!open_files_[at].target.is_open()) continue;
      ::unlink((path(options_.target, files_[at]) + std::string(temporary_suffix)).c_str());
    }
  }

  void advance(uint64_t bytes) {
    done_ += bytes;
    if (!progress_) return;
    const std::unique_lock lock(reporting_, std::try_to_lock);
    const auto now = SteadyClock::now();
    if (!lock.owns_lock() || now - reported_ < milliseconds(100)) return;
    reported_ = now;
    progress_(std::min<uint64_t>(done_, total_), total_);
  }

  static Error cancelled() { return Error(ErrorCode::cancelled, "the copy was cancelled"); }
  static std::string path(const std::string& directory, const FileToCopy& file) {
    return concat(directory, "/", file.path);
  }

  std::vector<FileToCopy>& files_;
  const FileCopyOptions& options_;
  const CopyProgress& progress_;
  const world::Cancellation& cancellation_;
  std::unique_ptr<OpenFile[]> open_files_;
  std::vector<size_t> order_;  // the biggest first
  std::atomic<size_t> next_{0};
  std::atomic<bool> is_stopped_{false}, may_share_;
  std::atomic<uint64_t> copied_{0}, skipped_{0}, shared_{0}, done_{0}, taken_{0};
  uint64_t total_ = 0;
  std::mutex mutex_, reporting_;
  std::optional<Error> error_;
  SteadyClock::time_point reported_{};
};

}  // namespace

Result<FileCopyTotals> copy_files(std::vector<FileToCopy>& files, const FileCopyOptions& options,
                                  const CopyProgress& progress,
                                  const world::Cancellation& cancellation) {
  return Copy(files, options, progress, cancellation).run();
}

Result<void> sync_tree(const std::string& directory) {
  const FileDescriptor opened = TRY(world::open_file(directory, O_RDONLY, "cannot sync"));
  if (::syncfs(opened.number()) == 0) return {};
  return errno_error(concat("cannot sync ", directory), errno);
}

Result<void> make_tree(const std::string& target, const std::vector<std::string>& directories,
                       const std::optional<world::Account>& owner) {
  std::vector<std::string> paths = {target};
  for (const std::string& directory : directories) paths.push_back(concat(target, "/", directory));
  for (const std::string& path : paths) {
    TRY(world::make_directories(path, 0700));
    if (owner && ::chown(path.c_str(), owner->user, owner->group) != 0) {
      return errno_error(concat("cannot change the owner of ", path), errno);
    }
  }
  return {};
}

}  // namespace pawl::postgres
