#include "arrays/run/safety.h"

#include <sys/stat.h>

#include <filesystem>
#include <optional>

#include "base/text.h"

namespace pawl::arrays {
namespace {

// What others may put something else into the place of: the path itself, or a folder above it. In a
// sticky folder (/tmp) they can only add.
std::optional<std::string> open_to_others(const std::string& path) {
  for (std::filesystem::path at = path; !at.empty(); at = at.parent_path()) {
    struct stat status {};
    const bool is_there = ::stat(at.c_str(), &status) == 0;
    const bool is_sticky = S_ISDIR(status.st_mode) && (status.st_mode & S_ISVTX) != 0;
    if (is_there && (status.st_mode & S_IWOTH) != 0 && !is_sticky) return at.string();
    if (at == at.root_path()) break;
  }
  return std::nullopt;
}

struct Fault {
  std::string wrong, mend;
};

std::optional<Fault> of_path(const std::string& path) {
  const auto open = open_to_others(path);
  if (!open) return std::nullopt;
  return Fault{concat(*open, " can be written by others"), concat("chmod o-w ", *open)};
}

std::optional<Fault> of_account(const Ground& ground) {
  if (!ground.is_root || ground.has_confinement) return std::nullopt;
  return Fault{
      "nodes run as root, and this kernel has no Landlock to hold them to their files",
      "run the server under an account of its own, or a kernel with Landlock (Linux 5.13)"};
}

struct Rule {
  const char *name, *why;
  std::optional<Fault> (*look)(const Ground&);
};

constexpr Rule rules[] = {
    {"volume-open-to-others", "they could change what the nodes read, and have other files removed",
     [](const Ground& ground) { return of_path(ground.volume); }},
    {"bucket-open-to-others", "they could change results, and have them written elsewhere",
     [](const Ground& ground) { return of_path(ground.bucket); }},
    {"worker-open-to-others", "they could have every node run a program of theirs",
     [](const Ground& ground) { return of_path(ground.worker); }},
    {"root-without-confinement", "a node could read and change every file of this machine",
     of_account},
};

}  // namespace

std::vector<Breach> breaches_of(const Ground& ground) {
  std::vector<Breach> breaches;
  for (const Rule& rule : rules)
    if (const auto fault = rule.look(ground))
      breaches.push_back({rule.name, fault->wrong, rule.why, fault->mend});
  return breaches;
}

std::vector<std::string> safety_rules() {
  std::vector<std::string> names;
  for (const Rule& rule : rules) names.emplace_back(rule.name);
  return names;
}

}  // namespace pawl::arrays
