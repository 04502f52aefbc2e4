#include "restore/snapshots/copy.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "postgres/data_directory.h"
#include "postgres/file_copy.h"
#include "postgres/manifest.h"
#include "restore/snapshots/wal_manifest.h"
#include "world/files.h"
#include "world/moment.h"

namespace pawl::restore {
namespace {

constexpr size_t manifest_bytes_max = size_t{4} << 30;

// The files of the backup by its manifest and its WAL list; `text` is the manifest's own.
Result<std::vector<postgres::FileToCopy>> files_of(const std::string& source,
                                                   const std::string& text) {
  auto manifest = postgres::parse_manifest(text);
  if (!manifest) return std::move(manifest).error().within(source);
  std::vector<postgres::FileToCopy> files = TRY(wal_files(source, *manifest));
  files.reserve(files.size() + manifest->files.size());
  for (postgres::ManifestFile& listed : manifest->files) {
    postgres::FileToCopy file;
    file.path = std::move(listed.path);
    file.size = listed.size;
    file.algorithm = std::move(listed.algorithm);
    file.checksum = std::move(listed.checksum);
    files.push_back(std::move(file));
  }
  return files;
}

Result<std::string> read_manifest(const std::string& source) {
  auto text = world::read_file(source + "/backup_manifest", manifest_bytes_max);
  if (text || text.error().code() != ErrorCode::not_found) return text;
  return Error(ErrorCode::corrupt, concat(source, " has no backup_manifest"));
}

Result<void> write_manifest(const std::string& target, const std::string& text,
                            const std::optional<world::Account>& owner) {
  const std::string path = target + "/backup_manifest";
  TRY(world::write_file_atomically(path, text, 0600));
  if (!owner || ::chown(path.c_str(), owner->user, owner->group) == 0) return {};
  return errno_error(concat("cannot change the owner of ", path), errno);
}

}  // namespace

Result<CopyReport> copy_backup(const std::string& source, const std::string& target,
                               const CopyOptions& options, const CopyProgress& progress,
                               const world::Cancellation& cancellation) {
  const std::string manifest = TRY(read_manifest(source));
  auto files = TRY(files_of(source, manifest));
  postgres::FileCopyOptions copying;
  copying.source = source;
  copying.target = target;
  copying.threads = options.threads;
  if (!options.account.empty()) copying.owner = TRY(world::resolve_account(options.account));
  copying.space = options.space;
  copying.may_share_blocks = options.may_share_blocks;

  const postgres::Listing listing = TRY(postgres::list_tree(source));
  TRY(postgres::make_tree(target, listing.directories, copying.owner));
  const auto totals = TRY(postgres::copy_files(files, copying, progress, cancellation));
  TRY(write_manifest(target, manifest, copying.owner));
  world::moment("copy_written");
  TRY(postgres::sync_tree(target));

  CopyReport report;
  report.bytes_total = totals.bytes_total;
  report.bytes_copied = totals.bytes_copied;
  report.bytes_skipped = totals.bytes_skipped;
  report.bytes_shared = totals.bytes_shared;
  report.files = files.size();
  return report;
}

Result<void> verify_backup(const std::string& source, int threads,
                           const world::Cancellation& cancellation) {
  auto files = TRY(files_of(source, TRY(read_manifest(source))));
  std::erase_if(files, [](const postgres::FileToCopy& file) { return file.checksum.empty(); });
  postgres::FileCopyOptions reading;
  reading.source = source;
  reading.threads = threads;
  reading.only_reads = true;
  TRY(postgres::copy_files(files, reading, {}, cancellation));
  return {};
}

// Tried with a file of a few bytes: no list of file systems would be complete.
// Files without a name: whoever looks at the directories meanwhile sees nothing of it.
bool can_share_blocks(const std::string& source, const std::string& target) {
  const auto make = [](const std::string& path) {
    return world::open_file(path, O_RDWR | O_TMPFILE, "cannot write in");
  };
  const auto from = make(source), to = make(target);
  return from && to && ::write(from->number(), "pawl", 4) == 4 &&
         ::ioctl(to->number(), FICLONE, from->number()) == 0;
}

}  // namespace pawl::restore
