#include "sim/sqlite_files.h"

#include <sqlite3.h>

#include <cerrno>
#include <new>
#include <string>
#include <string_view>

#include "base/check.h"

// The contract of these functions is SQLite's: "OS Interface Object" (sqlite3_vfs) and "OS
// Interface File Virtual Methods Object" (sqlite3_io_methods).
namespace pawl::sim {
namespace {

FaultyDisk* disk = nullptr;
sqlite3_vfs* real_files = nullptr;
sqlite3_vfs faulty_files;

struct File {
  sqlite3_file base;  // first, as SQLite asks
  std::string path;   // empty: a temporary file, which no crash is to survive
  int last_errno = 0;
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  const sqlite3_io_methods& methods() { return *real()->pMethods; }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

bool is_on_disk(const File& file) { return !file.path.empty(); }

FaultyDisk::Fault next_call(const File& file, bool writes) {
  return is_on_disk(file) ? disk->next_call(writes) : FaultyDisk::Fault::none;
}

// The word of the system, which SQLite asks for in two ways, behind its own.
int failed(int status, int number) {
  errno = number;
  return status;
}
int failed(File& file, int status, int number = EIO) {
  file.last_errno = number;
  return failed(status, number);
}

int close(sqlite3_file* file) {
  File& closed = file_of(file);
  const int status = closed.methods().xClose(closed.real());
  closed.~File();
  return status;
}

int read(sqlite3_file* file, void* bytes, int size, sqlite3_int64 offset) {
  File& each = file_of(file);
  // As SQLite's own files have it: EIO is called a corrupt file system.
  const FaultyDisk::Fault fault = next_call(each, false);
  if (fault == FaultyDisk::Fault::torn) return failed(each, SQLITE_IOERR_READ, ESTALE);
  if (fault != FaultyDisk::Fault::none) return failed(each, SQLITE_IOERR_CORRUPTFS);
  const int status = each.methods().xRead(each.real(), bytes, size, offset);
  if (status == SQLITE_IOERR_SHORT_READ) each.last_errno = 0;
  return status;
}

int write(sqlite3_file* file, const void* bytes, int size, sqlite3_int64 offset) {
  File& each = file_of(file);
  const FaultyDisk::Fault fault = next_call(each, true);
  if (fault == FaultyDisk::Fault::full) return failed(SQLITE_FULL, ENOSPC);
  if (fault == FaultyDisk::Fault::error) return failed(each, SQLITE_IOERR_WRITE);
  const int done = fault == FaultyDisk::Fault::torn ? size / 2 : size;
  const int status = each.methods().xWrite(each.real(), bytes, done, offset);
  if (status != SQLITE_OK) return status;
  if (is_on_disk(each)) {
    disk->wrote(each.path, offset, {static_cast<const char*>(bytes), static_cast<size_t>(done)});
  }
  return done == size ? SQLITE_OK : failed(each, SQLITE_IOERR_WRITE);
}

int truncate(sqlite3_file* file, sqlite3_int64 size) {
  File& each = file_of(file);
  if (next_call(each, true) != FaultyDisk::Fault::none) return failed(each, SQLITE_IOERR_TRUNCATE);
  const int status = each.methods().xTruncate(each.real(), size);
  if (status == SQLITE_OK && is_on_disk(each)) disk->truncated(each.path, size);
  return status;
}

// Nothing is really synced: what the disk has is in FaultyDisk.
int sync(sqlite3_file* file, int) {
  File& each = file_of(file);
  if (!is_on_disk(each)) return SQLITE_OK;
  if (disk->next_call(true) != FaultyDisk::Fault::none) {
    disk->failed_to_sync(each.path);
    return failed(each, SQLITE_IOERR_FSYNC);
  }
  disk->synced(each.path);
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  File& each = file_of(file);
  if (next_call(each, false) != FaultyDisk::Fault::none) return failed(each, SQLITE_IOERR_FSTAT);
  return each.methods().xFileSize(each.real(), size);
}

// What is no matter of the disk goes to the real file.
int lock(sqlite3_file* file, int kind) {
  return file_of(file).methods().xLock(file_of(file).real(), kind);
}
int unlock(sqlite3_file* file, int kind) {
  return file_of(file).methods().xUnlock(file_of(file).real(), kind);
}
int check_reserved_lock(sqlite3_file* file, int* is_reserved) {
  return file_of(file).methods().xCheckReservedLock(file_of(file).real(), is_reserved);
}
int control(sqlite3_file* file, int what, void* argument) {
  if (what == SQLITE_FCNTL_LAST_ERRNO) {
    *static_cast<int*>(argument) = file_of(file).last_errno;
    return SQLITE_OK;
  }
  return file_of(file).methods().xFileControl(file_of(file).real(), what, argument);
}
int sector_size(sqlite3_file* file) {
  return file_of(file).methods().xSectorSize(file_of(file).real());
}
int device_characteristics(sqlite3_file* file) {
  return file_of(file).methods().xDeviceCharacteristics(file_of(file).real());
}
int map_shared(sqlite3_file* file, int page, int size, int extend, void volatile** address) {
  return file_of(file).methods().xShmMap(file_of(file).real(), page, size, extend, address);
}
int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  return file_of(file).methods().xShmLock(file_of(file).real(), offset, count, flags);
}
void shared_barrier(sqlite3_file* file) {
  file_of(file).methods().xShmBarrier(file_of(file).real());
}
int unmap_shared(sqlite3_file* file, int remove) {
  return file_of(file).methods().xShmUnmap(file_of(file).real(), remove);
}

const sqlite3_io_methods methods = {.iVersion = 2,
                                    .xClose = close,
                                    .xRead = read,
                                    .xWrite = write,
                                    .xTruncate = truncate,
                                    .xSync = sync,
                                    .xFileSize = file_size,
                                    .xLock = lock,
                                    .xUnlock = unlock,
                                    .xCheckReservedLock = check_reserved_lock,
                                    .xFileControl = control,
                                    .xSectorSize = sector_size,
                                    .xDeviceCharacteristics = device_characteristics,
                                    .xShmMap = map_shared,
                                    .xShmLock = lock_shared,
                                    .xShmBarrier = shared_barrier,
                                    .xShmUnmap = unmap_shared,
                                    .xFetch = nullptr,
                                    .xUnfetch = nullptr};

std::string contents_of(File& file) {
  sqlite3_int64 size = 0;
  CHECK(file.methods().xFileSize(file.real(), &size) == SQLITE_OK);
  std::string contents(static_cast<size_t>(size), '\0');
  if (size > 0) {
    CHECK(file.methods().xRead(file.real(), contents.data(), static_cast<int>(size), 0) ==
          SQLITE_OK);
  }
  return contents;
}

int open(sqlite3_vfs*, sqlite3_filename path, sqlite3_file* memory, int flags, int* flags_out) {
  memory->pMethods = nullptr;  // SQLite closes only what has methods
  if (path != nullptr && disk->next_call(false) != FaultyDisk::Fault::none) {
    return failed(SQLITE_CANTOPEN, EIO);
  }
  File* file = new (memory) File{{}, path == nullptr ? "" : path, 0};
  const int status = real_files->xOpen(real_files, path, file->real(), flags, flags_out);
  if (status != SQLITE_OK) {
    if (file->real()->pMethods != nullptr) file->methods().xClose(file->real());
    file->~File();
    memory->pMethods = nullptr;
    return status;
  }
  file->base.pMethods = &methods;
  if (is_on_disk(*file)) disk->opened(file->path, contents_of(*file));
  return SQLITE_OK;
}

int remove(sqlite3_vfs*, const char* path, int sync_directory) {
  if (disk->next_call(true) != FaultyDisk::Fault::none) return failed(SQLITE_IOERR_DELETE, EIO);
  const int status = real_files->xDelete(real_files, path, sync_directory);
  if (status == SQLITE_OK) disk->removed(path);
  return status;
}

}  // namespace

FilesOnDisk::FilesOnDisk(FaultyDisk& its_disk) {
  CHECK(disk == nullptr);
  disk = &its_disk;
  real_files = sqlite3_vfs_find("unix");
  faulty_files = *real_files;
  faulty_files.zName = "faulty";
  faulty_files.szOsFile = static_cast<int>(sizeof(File)) + real_files->szOsFile;
  faulty_files.xOpen = open;
  faulty_files.xDelete = remove;
  CHECK(sqlite3_vfs_register(&faulty_files, 1) == SQLITE_OK);
}

FilesOnDisk::~FilesOnDisk() {
  CHECK(sqlite3_vfs_unregister(&faulty_files) == SQLITE_OK);
  CHECK(sqlite3_vfs_register(real_files, 1) == SQLITE_OK);
  disk = nullptr;
}

}  // namespace pawl::sim
