#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "store/progress.h"

namespace pawl::store {

// A backup is a data file with a line behind it that says its length and its SHA-256, so that every
// changed byte is noticed, also where SQLite keeps nothing. SQLite does not look at what is behind
// its last page.
struct Seal {
  uint64_t bytes = 0;  // of the data file
  std::string hash;
};

// Writes the line behind the file.
Result<Seal> add_seal(const std::string& path, const Progress& progress);
// Error: corrupt, where the file ends otherwise.
Result<Seal> read_seal(const std::string& path);
// Reads the file. Error: corrupt, where it is not what the seal says.
Result<void> verify_seal(const std::string& path, const Progress& progress);

// Bytes of the file one after another, the first `count` of them. `take` is given each piece.
using TakePiece = std::function<Result<void>(std::string_view piece)>;
struct Pieces {
  std::string_view doing;  // for the progress
  uint64_t count = 0;
};
Result<void> read_pieces(const std::string& path, const Pieces& pieces, const Progress& progress,
                         const TakePiece& take);

}  // namespace pawl::store
