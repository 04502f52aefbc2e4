#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"

namespace pawl::store {

// The bytes from there on, as many as asked for; fewer at the file's end.
using ReadLog = std::function<Result<std::string>(uint64_t offset, size_t size)>;

// Where a write-ahead log is damaged before its end: the byte where the first frame that does not
// hold its checksum begins, if whole transactions stand behind it. SQLite takes such a frame for
// the end of the log and drops what is behind it, as it must with a transaction that a crash has
// torn. But each commit is on the disk before the next begins: behind one that was torn there is
// no other. None where the log is whole or only its end is torn. What was cut off between two
// transactions leaves no trace, nor does damage of the log's first 32 bytes. The form of the log is
// SQLite's ("WAL File Format").
Result<std::optional<uint64_t>> damage_in_log(const ReadLog& read);

}  // namespace pawl::store
