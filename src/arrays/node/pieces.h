#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace pawl::arrays {

// One of the files that a step of a node writes.
struct Piece {
  std::string name;  // below the node's directory: "data.jsonl", "data/17.json"
  std::string bytes;
};

// A line of a manifest, in the form of sha256sum(1).
struct Entry {
  std::string name, checksum;
};

// Where pieces are written to. Unless it is synced they are whole in the page cache only: a crash
// of the machine may lose them, and their checksums tell.
struct Shelf {
  std::string directory;
  bool is_synced = false;
};

// Readers see the old file or the new one, whole; it may be written again. Makes its directory.
Result<void> write_piece(const Shelf& shelf, const Piece& piece);
// All of them, and then the manifest that names them.
Result<void> write_pieces(const Shelf& shelf, std::string_view manifest,
                          const std::vector<Piece>& pieces);

// Error: corrupt; `where` is for its message.
Result<std::vector<Entry>> parse_manifest(std::string_view lines, const std::string& where);
// Errors: not_found where the step has not written it, corrupt where its lines or the bytes of a
// file are not what they should be.
Result<std::vector<Entry>> read_manifest(const std::string& directory, std::string_view manifest);
Result<Piece> read_piece(const std::string& directory, const Entry& entry);
Result<std::vector<Piece>> read_pieces(const std::string& directory, std::string_view manifest);

}  // namespace pawl::arrays
