#include "postgres/data_directory.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <memory>
#include <set>

#include "base/text.h"

namespace pawl::postgres {
namespace {

using Wanted = std::function<bool(const std::string& path, std::string_view name)>;

// Files may vanish while we look: that is no error.
Result<void> walk(const std::string& root, const std::string& below, const Wanted& is_wanted,
                  Listing& listing) {
  const std::string directory = below.empty() ? root : concat(root, "/", below);
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(directory.c_str()), ::closedir);
  if (opened == nullptr) {
    if (errno == ENOENT && !below.empty()) return {};
    return errno_error(concat("cannot list ", directory), errno);
  }
  std::vector<std::string> deeper;
  while (const dirent* entry = ::readdir(opened.get())) {
    const std::string_view name = entry->d_name;
    if (name == "." || name == "..") continue;
    const std::string path = below.empty() ? std::string(name) : concat(below, "/", name);
    struct stat status;
    if (::fstatat(::dirfd(opened.get()), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0) {
      if (errno == ENOENT) continue;
      return errno_error(concat("cannot look at ", root, "/", path), errno);
    }
    if (!is_wanted(path, name)) continue;
    if (S_ISDIR(status.st_mode)) deeper.push_back(path);
    if (!S_ISREG(status.st_mode)) continue;
    FileToCopy file;
    file.path = path;
    file.size = static_cast<uint64_t>(status.st_size);
    listing.files.push_back(std::move(file));
  }
  std::sort(deeper.begin(), deeper.end());
  for (const std::string& path : deeper) {
    listing.directories.push_back(path);
    TRY(walk(root, path, is_wanted, listing));
  }
  return {};
}

// Directories that come along empty: their content means nothing to another server.
bool is_in_emptied_directory(std::string_view path) {
  static constexpr std::string_view emptied[] = {"pg_dynshmem/", "pg_notify/",    "pg_replslot/",
                                                 "pg_serial/",   "pg_snapshots/", "pg_stat_tmp/",
                                                 "pg_subtrans/"};
  return std::any_of(std::begin(emptied), std::end(emptied),
                     [&](std::string_view directory) { return path.starts_with(directory); });
}

bool is_left_out(const std::string& path, std::string_view name) {
  static const std::set<std::string_view> names = {
      "postmaster.pid",       "postmaster.opts",   "backup_label", "tablespace_map",
      "backup_manifest",      "backup_label.old",  ".DS_Store",    "postgresql.auto.conf.tmp",
      "current_logfiles.tmp", "tablespace_map.old"};
  if (names.contains(name) || name.starts_with("pgsql_tmp") ||
      name.starts_with("pg_internal.init") || path == "global/pg_control" ||
      is_in_emptied_directory(path)) {
    return true;
  }
  return path.starts_with("pg_wal/") && path != "pg_wal/archive_status";
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "t3_16384": a temporary relation of one session.
bool is_temporary_relation(std::string_view name) {
  return name.size() > 2 && name[0] == 't' && is_digit(name[1]) && name.find('_') != name.npos;
}

// The number before the fork and the segment: "16384" of "16384_vm.2".
std::string_view relation_of(std::string_view name) {
  return name.substr(0, name.find_first_not_of("0123456789"));
}

// "base/5/16384" for each "base/5/16384_init".
std::set<std::string> unlogged_relations(const Listing& listing) {
  std::set<std::string> relations;
  for (const FileToCopy& file : listing.files) {
    if (file.path.ends_with("_init")) {
      relations.insert(file.path.substr(0, file.path.size() - std::string_view("_init").size()));
    }
  }
  return relations;
}

void remove_relations_without_content(Listing& listing, Unlogged keeping) {
  const auto unlogged =
      keeping == Unlogged::kept ? std::set<std::string>() : unlogged_relations(listing);
  std::erase_if(listing.files, [&](const FileToCopy& file) {
    if (!file.path.starts_with("base/")) return false;
    const size_t slash = file.path.rfind('/');
    const std::string_view name = std::string_view(file.path).substr(slash + 1);
    if (is_temporary_relation(name)) return true;
    const std::string relation = concat(file.path.substr(0, slash + 1), relation_of(name));
    return unlogged.contains(relation) && !name.ends_with("_init");
  });
}

Result<void> refuse_tablespaces(const std::string& data_directory) {
  const std::string links = data_directory + "/pg_tblspc";
  const std::unique_ptr<DIR, int (*)(DIR*)> opened(::opendir(links.c_str()), ::closedir);
  if (opened == nullptr) return errno_error(concat("cannot list ", links), errno);
  while (const dirent* entry = ::readdir(opened.get())) {
    if (entry->d_name[0] == '.') continue;
    return Error(ErrorCode::unsupported,
                 concat(data_directory,
                        " has tablespaces outside of it, which snapshots do not "
                        "hold yet"),
                 "Move their tables to pg_default and drop them.");
  }
  return {};
}

}  // namespace

Result<Listing> list_tree(const std::string& directory) {
  Listing listing;
  TRY(walk(
      directory, "", [](const std::string&, std::string_view) { return true; }, listing));
  return listing;
}

Result<Listing> list_for_backup(const std::string& data_directory, Unlogged unlogged) {
  TRY(refuse_tablespaces(data_directory));
  Listing listing;
  TRY(walk(
      data_directory, "",
      [](const std::string& path, std::string_view name) { return !is_left_out(path, name); },
      listing));
  remove_relations_without_content(listing, unlogged);
  // A pg_wal that is a link to another disk is a directory in the backup.
  for (const char* needed : {"pg_wal", "pg_wal/archive_status"}) {
    if (std::find(listing.directories.begin(), listing.directories.end(), needed) ==
        listing.directories.end()) {
      listing.directories.push_back(needed);
    }
  }
  return listing;
}

}  // namespace pawl::postgres
