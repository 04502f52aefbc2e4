#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "postgres/file_copy.h"

namespace pawl::postgres {

// What is in a directory tree, by relative path.
struct Listing {
  std::vector<std::string> directories;  // parents first
  std::vector<FileToCopy> files;         // with their sizes; links are left out
};

Result<Listing> list_tree(const std::string& directory);

// Of a server's data directory, what belongs in a base backup: not what PostgreSQL's documentation
// of low-level backups leaves out (locks, WAL, replication slots, caches, temporary files, unlogged
// relations but for their init fork), and not global/pg_control, which is copied last. The server
// may be running.
// Error: unsupported where there are tablespaces outside the data directory.
//
// Unlogged relations are made anew from their init fork by a recovery only: they are kept where the
// server was shut down cleanly and none will come.
enum class Unlogged { left_out, kept };
Result<Listing> list_for_backup(const std::string& data_directory,
                                Unlogged unlogged = Unlogged::left_out);

}  // namespace pawl::postgres
