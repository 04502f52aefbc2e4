#include "restore/snapshots/archive_tier.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "postgres/file_copy.h"
#include "restore/known.h"
#include "restore/layout.h"
#include "restore/snapshots/remove_snapshot.h"
#include "restore/snapshots/snapshot_lock.h"
#include "restore/space.h"
#include "world/file_lock.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

// In the folder of a snapshot: it was made out of the archive, which goes on having it.
constexpr std::string_view unpacked_mark = "/unpacked";

// tar and zstd as processes: the format is theirs, the memory not ours, and both stop with the
// cancellation.
Result<void> run_tar(world::Processes& processes, std::vector<std::string> arguments,
                     const world::Cancellation& cancellation) {
  arguments.insert(arguments.begin(), "tar");
  const world::Program tar{.arguments = std::move(arguments),
                           .environment = {"LC_ALL=C"},
                           .directory = std::string("/"),
                           .input = {},
                           .account = {}};
  const world::Exit exit = TRY(processes.run(tar, hours(24 * 7), cancellation));
  if (exit.status == 0) return {};
  const bool is_full = exit.errors.find("No space left") != exit.errors.npos;
  return Error(is_full ? ErrorCode::out_of_space : ErrorCode::failed,
               concat("tar failed: ", replace_all(trim(exit.errors), "\n", " | ")));
}

Result<uint64_t> file_bytes(const std::string& path) {
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot open"));
  const off_t bytes = ::lseek(file.number(), 0, SEEK_END);
  if (bytes < 0) return errno_error(concat("cannot look at ", path), errno);
  return static_cast<uint64_t>(bytes);
}

// Hashes of passwords are among what is packed: nobody else may look. tar keeps the mode of a file
// that is there.
Result<void> begin_private_file(const std::string& path) {
  TRY(world::remove_file(path));
  TRY(world::open_file(path, O_WRONLY | O_CREAT | O_EXCL, "cannot create", 0600));
  return {};
}

// Earlier versions made it, and what is in it, for everyone.
Result<void> make_private_directory(const std::string& path) {
  TRY(world::make_directories(path, 0700));
  if (::chmod(path.c_str(), 0700) == 0) return {};
  return errno_error(concat("cannot change the mode of ", path), errno);
}

Result<void> sync_file(const std::string& path) {
  const auto file = TRY(world::open_file(path, O_RDONLY, "cannot sync"));
  if (::fsync(file.number()) == 0) return {};
  return errno_error(concat("cannot sync ", path), errno);
}

Result<Archived> read_archived(const std::string& stem, const std::string& region) {
  const auto parsed = json::parse(TRY(world::read_file(concat(stem, ".json"))));
  if (!parsed) return Error(ErrorCode::corrupt, concat(stem, ".json is no JSON"));
  Archived archived;
  archived.snapshot = TRY(snapshot_from_json(*parsed));
  archived.snapshot.region = region;
  archived.file = concat(stem, ".tar.zst");
  archived.bytes = TRY(file_bytes(archived.file));
  return archived;
}

}  // namespace

Result<Archived> archive(const Settings& settings, world::Processes& processes,
                         const Snapshot& snapshot, const world::Cancellation& cancellation) {
  const Region* region = TRY(known_region(settings, snapshot.region));
  const std::string directory = Layout(*region).archive(snapshot.cluster);
  const std::string stem = concat(directory, "/", snapshot.date);
  TRY(make_private_directory(directory));
  const auto lock = TRY(world::FileLock::take(concat(directory, "/.", snapshot.date, ".lock")));
  auto before = TRY(find_archived(settings, snapshot.region, {snapshot.cluster, snapshot.date}));
  if (before && is_same(before->snapshot, snapshot)) return std::move(*before);
  // It may be all that there is of that one.
  if (before) return place_is_taken(snapshot, snapshot.region);
  const auto left = TRY(space_left(*region, 0));

  const std::string file = concat(stem, ".tar.zst"), unfinished = concat(file, ".pawl-part");
  TRY(begin_private_file(unfinished));
  auto packed = run_tar(processes,
                        {"--create", "--zstd", "--sparse", "--numeric-owner", "--file", unfinished,
                         "--directory", snapshot.directory, "data"},
                        cancellation);
  // The frame's checksum, which zstd writes and checks.
  if (packed) {
    packed = run_tar(processes, {"--list", "--zstd", "--file", unfinished}, cancellation);
  }
  // How small it becomes is known now only.
  const uint64_t bytes = packed ? TRY(file_bytes(unfinished)) : 0;
  if (left && bytes > *left) packed = not_enough_space(*region, bytes, *left);
  if (packed) packed = sync_file(unfinished);
  if (!packed) {
    ::unlink(unfinished.c_str());
    return std::move(packed).error().within(concat("archiving ", snapshot.name));
  }
  if (::rename(unfinished.c_str(), file.c_str()) != 0) {
    return errno_error(concat("cannot rename ", unfinished), errno);
  }
  TRY(world::sync_directory(directory));
  TRY(world::write_file_atomically(concat(stem, ".json"),
                                   json::write_pretty(to_json(snapshot)) + "\n", 0600));
  return read_archived(stem, snapshot.region);
}

Result<std::optional<Archived>> find_archived(const Settings& settings, const std::string& region,
                                              const ClusterDate& wanted) {
  TRY(check_cluster_name(wanted.cluster));
  const Layout layout(*TRY(known_region(settings, region)));
  const std::string stem = concat(layout.archive(wanted.cluster), "/", wanted.date);
  if (!world::exists(concat(stem, ".json"))) return std::optional<Archived>();
  return std::optional(TRY(read_archived(stem, region)));
}

Result<std::vector<Archived>> list_archived(const Settings& settings, const std::string& region,
                                            const std::string& cluster) {
  TRY(check_cluster_name(cluster));
  const std::string directory = Layout(*TRY(known_region(settings, region))).archive(cluster);
  std::vector<Archived> found;
  if (!world::is_directory(directory)) return found;
  for (const std::string& name : TRY(world::list_directory(directory))) {
    const std::string date = name.substr(0, name.find('.'));
    if (!is_date(date) || name != concat(date, ".json")) continue;
    found.push_back(TRY(read_archived(concat(directory, "/", date), region)));
  }
  return found;
}

Result<Snapshot> unarchive(const Settings& settings, world::Processes& processes,
                           const Archived& archived, const world::Cancellation& cancellation) {
  Snapshot snapshot = archived.snapshot;
  const Region* region = TRY(known_region(settings, snapshot.region));
  const std::string directory = Layout(*region).snapshot(snapshot.cluster, snapshot.date);
  const std::string of_cluster = world::parent_directory(directory);
  TRY(world::make_directories(of_cluster, 0755));
  const auto lock = TRY(world::FileLock::take(concat(of_cluster, "/.", snapshot.date, ".lock")));
  snapshot.directory = directory;
  if (world::exists(concat(directory, "/snapshot.json"))) return snapshot;
  TRY(world::remove_tree(directory));
  TRY(space_left(*region, snapshot.bytes));
  TRY(world::make_directories(directory, 0755));

  auto unpacked = run_tar(processes,
                          {"--extract", "--zstd", "--same-permissions", "--numeric-owner", "--file",
                           archived.file, "--directory", directory},
                          cancellation);
  if (unpacked)
    unpacked = verify_backup(concat(directory, "/data"), settings.copy_threads, cancellation);
  if (!unpacked) {
    static_cast<void>(world::remove_tree(directory));
    return std::move(unpacked).error().within(concat("unpacking ", archived.file));
  }
  TRY(world::write_file_atomically(concat(directory, unpacked_mark), "", 0600));
  TRY(postgres::sync_tree(directory));
  TRY(world::write_file_atomically(concat(directory, "/snapshot.json"),
                                   json::write_pretty(to_json(snapshot)) + "\n", 0600));
  TRY(world::sync_directory(of_cluster));
  return snapshot;
}

Result<void> remove_unpacked(const Settings& settings, const Region& region,
                             const Snapshot& snapshot) {
  if (!world::exists(concat(snapshot.directory, unpacked_mark))) return {};
  const auto lock = try_change_snapshot(region, snapshot.cluster, snapshot.date);
  if (!lock && lock.error().code() == ErrorCode::unavailable) return {};
  if (!lock) return lock.error();
  const auto archived =
      TRY(find_archived(settings, region.name, {snapshot.cluster, snapshot.date}));
  if (!archived || !is_same(archived->snapshot, snapshot)) return {};
  return remove_snapshot(snapshot.directory, *lock);
}

}  // namespace pawl::restore
