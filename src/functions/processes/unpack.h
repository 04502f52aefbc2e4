#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "world/disk_space.h"

namespace pawl::functions::processes {

// The service's limit for code that is unpacked.
constexpr uint64_t unpacked_bytes_max = 250 << 20;
constexpr size_t unpacked_files_max = 100'000;

// Whether so many bytes may be written below `directory`: some of the disk stays free for the rest
// of the server, which stops where its store cannot be written. Error: out_of_space.
Result<void> check_room(uint64_t bytes, const world::DiskSpace& space,
                        const std::string& directory);

using MayGoOn = std::function<Result<void>()>;

// Unpacks a zip file below a directory that is there and empty, durably; how many bytes its files
// have. Nothing is written outside: names that lead out, and links that do, are refused. Errors:
// invalid_argument, limit_exceeded, out_of_space before anything is written, and those of
// `may_go_on`, which is asked before each entry; what was unpacked stays behind.
Result<uint64_t> unpack(std::string_view zip, const std::string& directory,
                        const MayGoOn& may_go_on);

}  // namespace pawl::functions::processes
