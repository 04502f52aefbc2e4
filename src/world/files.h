#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "world/account.h"
#include "world/file_descriptor.h"

// The small verbs on files. Every error names the path. "Durably" and "atomically" mean that the
// outcome is on the disk on return; everything else is synced by whoever needs it.
namespace pawl::world {

constexpr size_t read_bytes_max = 64 << 20;

// open(2) with close-on-exec; `what` begins the error: "cannot read" gives "cannot read /x: …".
Result<FileDescriptor> open_file(const std::string& path, int flags, std::string_view what,
                                 mode_t mode = 0600);
// All bytes, through short writes and interruptions. `path` is for the error.
Result<void> write_all(const FileDescriptor& file, std::string_view bytes, const std::string& path);

// The whole content; a file longer than the limit is refused (invalid_argument).
Result<std::string> read_file(const std::string& path, size_t bytes_max = read_bytes_max);
// Of a file that holds secrets, which `what` names in errors ("secrets file"). Error:
// permission_denied where others than its owner may use it, or it is neither ours nor root's.
Result<std::string> read_private_file(const std::string& path, std::string_view what);
// Readers see the old content or the new, also after a crash or a full disk. A crash may leave a
// file <path>.XXXXXX.tmp behind. The mode is exact, whatever the umask.
Result<void> write_file_atomically(const std::string& path, std::string_view bytes, mode_t mode);
// Adds the line and a line feed, whole or not at all, one appender at a time. Where a crash has
// torn the last line, it ends there and the new one stands alone.
Result<void> append_line_durably(const std::string& path, std::string_view line,
                                 mode_t mode = 0600);

bool exists(const std::string& path);  // also a link that leads nowhere
bool is_directory(const std::string& path);
// The permission bits.
Result<mode_t> file_mode(const std::string& path);
// What an unprivileged process may still write on the file system of `path`.
Result<uint64_t> free_bytes(const std::string& path);

// Makes what is missing of the path, each directory with exactly this mode.
Result<void> make_directories(const std::string& path, mode_t mode);
// Names without . and .., sorted.
Result<std::vector<std::string>> list_directory(const std::string& path);
Result<void> sync_directory(const std::string& path);
// The directory that holds the path: "." for a bare name.
std::string parent_directory(const std::string& path);

// Removes a file or a link, durably; false where there was none.
Result<bool> remove_file(const std::string& path);

// Trees: links inside are never followed.
// Nothing there is success.
Result<void> remove_tree(const std::string& path);
// Sum of the sizes of the regular files.
Result<uint64_t> tree_bytes(const std::string& path);
Result<void> change_owner_tree(const std::string& path, const Account& owner);

// Afterwards `link` leads to `target`, at every moment to the old or the new one, durably.
Result<void> replace_symlink_atomically(const std::string& target, const std::string& link);
Result<std::string> read_symlink(const std::string& link);

}  // namespace pawl::world
