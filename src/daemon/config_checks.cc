#include "daemon/config_checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <limits>

#include "base/text.h"
#include "daemon/access_keys.h"
#include "objects/buckets.h"
#include "restore/users/secrets.h"
#include "world/account.h"
#include "world/files.h"
#include "world/programs.h"

namespace pawl::daemon {
namespace {

using Problems = std::vector<ConfigProblem>;

const TomlNode* node_at(const TomlNode& root, std::initializer_list<std::string_view> path) {
  const TomlNode* node = &root;
  for (const std::string_view name : path) {
    if (node != nullptr) node = node->find(name);
  }
  return node;
}

// The line of a member of a table, or of the table where the member is absent.
int line_of(const TomlNode& root, std::initializer_list<std::string_view> path) {
  const TomlNode* node = &root;
  for (const std::string_view name : path) {
    const TomlNode* member = node->find(name);
    if (member == nullptr) break;
    node = member;
  }
  return node->line;
}

std::string known_regions(const Config& config) {
  std::vector<std::string> names;
  for (const auto& [name, region] : config.restore.regions) names.push_back(name);
  return names.empty() ? "none" : join(names, ", ");
}

// A port is on this machine, whatever region it is of: everyone who wants one, in order.
class PortsTaken {
 public:
  explicit PortsTaken(Problems& problems) : problems_(problems) {}

  struct Range {
    std::string owner;  // "regions.us-west-2.ports"
    int line = 0;
    uint16_t first = 0, last = 0;
    bool may_be_within = false;  // an endpoint may have a port of a range
  };
  void take(const Range& range) {
    for (const Range& other : taken_) {
      const bool meet = range.first <= other.last && other.first <= range.last;
      const bool is_allowed = (range.may_be_within && other.first != other.last) ||
                              (other.may_be_within && range.first != range.last);
      if (!meet || is_allowed) continue;
      problems_.push_back({range.line, concat(range.owner, " (", text(range), ") and ", other.owner,
                                              " (", text(other), ") have ports in common")});
    }
    taken_.push_back(range);
  }

 private:
  static std::string text(const Range& range) {
    return range.first == range.last ? concat(range.first) : concat(range.first, "-", range.last);
  }
  Problems& problems_;
  std::vector<Range> taken_;
};

void check_ports(const TomlNode& root, const Config& config, Problems& problems) {
  PortsTaken taken(problems);
  taken.take({"listen", line_of(root, {"listen"}), config.port, config.port});
  for (const auto& [name, region] : config.restore.regions) {
    // The range that is built in is the same for all: a region that only has sources needs none.
    if (node_at(root, {"regions", name, "ports"}) == nullptr) continue;
    taken.take({concat("regions.", name, ".ports"), line_of(root, {"regions", name, "ports"}),
                region.port_first, region.port_last});
  }
  for (const auto& [name, cluster] : config.restore.clusters) {
    for (const auto& [region, port] : cluster.endpoint_ports) {
      const int line = line_of(root, {"clusters", name, "endpoint_ports"});
      taken.take({concat("clusters.", name, ".endpoint_ports.", region), line, port, port, true});
    }
  }
}

void check_regions_of_clusters(const TomlNode& root, const Config& config, Problems& problems) {
  for (const auto& [name, cluster] : config.restore.clusters) {
    const auto check = [&, &cluster_name = name](const std::string& region) {
      if (region.empty() || config.restore.regions.contains(region)) return;
      problems.push_back({line_of(root, {"clusters", cluster_name}),
                          concat("clusters.", cluster_name, " names the region \"", region,
                                 "\", which has no table; there are: ", known_regions(config))});
    };
    check(cluster.region);
    for (const auto& [region, port] : cluster.endpoint_ports) check(region);
  }
}

bool is_within(const std::string& inner, const std::string& outer) {
  return inner == outer || inner.starts_with(outer.ends_with('/') ? outer : outer + "/");
}

// Two regions in one place would take each other's snapshots and servers for their own.
void check_directories(const TomlNode& root, const Config& config, Problems& problems) {
  const auto& regions = config.restore.regions;
  for (auto one = regions.begin(); one != regions.end(); ++one) {
    if (one->second.directory.empty()) continue;
    for (auto other = regions.begin(); other != one; ++other) {
      const std::string &mine = one->second.directory, &theirs = other->second.directory;
      if (theirs.empty() || (!is_within(mine, theirs) && !is_within(theirs, mine))) continue;
      problems.push_back({line_of(root, {"regions", one->first, "directory"}),
                          concat("regions.", one->first, ".directory and regions.", other->first,
                                 ".directory are ", mine == theirs ? "the same" : "nested", ": ",
                                 mine, " and ", theirs)});
    }
  }
}

// What this machine does not have, each with the line of the key that asks for it.
class Differences {
 public:
  explicit Differences(const Config& config) : config_(config) {}

  // Where the file does not have the key, it is of no line.
  void note(const std::string& key, std::string what) {
    const auto origin = config_.origins.find(key);
    const std::string from = origin == config_.origins.end() ? "" : origin->second;
    const bool is_of_file = !config_.file.empty() && from.starts_with(config_.file + ":");
    const auto line = parse_integer(is_of_file ? from.substr(config_.file.size() + 1) : "");
    problems_.push_back({static_cast<int>(line.value_or(0)), std::move(what)});
  }
  void note_all(const std::string& key, std::vector<std::string> all) {
    for (std::string& what : all) note(key, std::move(what));
  }
  // As the lines are, and what is of none behind them.
  Problems take() {
    std::ranges::stable_sort(problems_, {}, [](const ConfigProblem& problem) {
      return problem.line > 0 ? problem.line : std::numeric_limits<int>::max();
    });
    return std::move(problems_);
  }

 private:
  const Config& config_;
  Problems problems_;
};

// Whether something can be made in the directory. Tried, since permissions do not tell: nobody
// makes a directory in /proc, and none on a file system that is mounted for reading only.
Result<void> make_something_in(const std::string& directory, std::string_view what_otherwise) {
  std::string made = concat(directory, "/.pawl-config-check-XXXXXX");
  if (mkdtemp(made.data()) == nullptr) return errno_error(what_otherwise, errno);
  rmdir(made.c_str());
  return {};
}

// The server makes a directory, not those above it: a name that is mistyped, or a disk that is not
// mounted, would otherwise fill the wrong one.
void look_for_parent(const std::string& key, const std::string& path, Differences& found) {
  if (path.empty() || world::is_directory(path)) return;
  if (world::exists(path)) return found.note(key, concat(key, ": ", path, " is no directory"));
  const std::string parent = world::parent_directory(path);
  if (!world::is_directory(parent))
    return found.note(key, concat(key, ": the directory ", parent, " does not exist"));
  const auto made =
      make_something_in(parent, concat(key, ": the directory ", path, " cannot be made"));
  if (!made) found.note(key, made.error().message());
}

void look_for_parent_of_file(const std::string& key, const std::string& path, Differences& found) {
  if (path.empty() || world::is_directory(world::parent_directory(path))) return;
  found.note(key,
             concat(key, ": the directory ", world::parent_directory(path), " does not exist"));
}

void look_at_data(const std::string& data, Differences& found) {
  look_for_parent("data", data, found);
  if (data.empty() || !world::is_directory(data)) return;
  const auto made = make_something_in(data, concat("data: nothing can be made in ", data));
  if (!made) found.note("data", made.error().message());
}

// The server makes none of these: a request for one is told that there is no such bucket, or goes
// to endpoints.s3.
void look_at_buckets(const objects::Settings& settings, Differences& found) {
  for (const auto& [name, directory] : settings.directories) {
    if (world::is_directory(directory)) continue;
    const std::string key = concat("objects.buckets.", name);
    found.note(key, concat(key, ": the directory ", directory,
                           " does not exist; the server does not make it"));
  }
}

void look_for_account(const std::string& key, const std::string& account, Differences& found) {
  if (account.empty()) return;
  if (const auto known = world::resolve_account(account); !known)
    found.note(key, concat(key, ": ", known.error().message()));
}

void look_at_secrets(const std::string& key, const std::string& file, std::string_view what,
                     Differences& found) {
  if (file.empty()) return;
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) {
    found.note(key, concat("the ", what, " ", file, " does not exist"));
  } else if ((status.st_mode & 0077) != 0) {
    found.note(key, concat("others may read the ", what, " ", file, "; chmod 600 it"));
  }
}

// What is missing or open to others is told by its file alone.
void look_into_secrets(const restore::Settings& settings, Differences& found) {
  if (settings.secrets_file.empty()) return;
  const auto secrets = restore::read_secrets(settings.secrets_file);
  if (secrets) return found.note_all("restore.secrets", restore::faults_of(*secrets, settings));
  if (secrets.error().code() == ErrorCode::invalid_argument)
    found.note("restore.secrets", secrets.error().message());
}

void look_at_credentials(const std::string& file, Differences& found) {
  constexpr const char* key = "credentials.file";
  look_at_secrets(key, file, "credentials file", found);
  if (file.empty()) return;
  const auto keys = read_access_keys(file);
  if (!keys && keys.error().code() == ErrorCode::invalid_argument)
    found.note(key, keys.error().message());
}

}  // namespace

void check_together(const TomlNode& root, const Config& config, Problems& problems) {
  // Where the file leaves it out, it may come from elsewhere.
  if (root.find("region") != nullptr) {
    if (const auto home = check_home_region(config); !home) {
      problems.push_back({line_of(root, {"region"}), home.error().message()});
    }
  }
  check_regions_of_clusters(root, config, problems);
  check_ports(root, config, problems);
  check_directories(root, config, problems);
  if (const auto listens = check_listens_safely(config); !listens) {
    problems.push_back({line_of(root, {"listen"}), listens.error().message()});
  }
}

Result<void> check_home_region(const Config& config) {
  const auto& regions = config.restore.regions;
  if (regions.empty() || regions.contains(config.region)) return {};
  return Error(ErrorCode::invalid_argument,
               concat("the home region \"", config.region,
                      "\" has no table; there are: ", known_regions(config)),
               "Name one of them with the key region, --region or PAWL_REGION.");
}

Result<void> check_listens_safely(const Config& config) {
  const std::string& host = config.host;
  if (!config.credentials_file.empty()) return {};
  if (host == "localhost" || host == "::1" || host.starts_with("127.")) return {};
  return Error(ErrorCode::permission_denied,
               concat("cannot listen on ", host,
                      ": without credentials only this machine may reach the server"),
               "Name a file of access keys as credentials.file, or listen on 127.0.0.1 and lead "
               "others there by ssh or a proxy that knows them.");
}

std::vector<std::string> folders_that_are_no_buckets(const Config& config) {
  std::vector<std::string> found;
  std::string directory = config.objects.directory;
  if (directory.empty() && !config.data.empty()) directory = config.data + "/buckets";
  if (directory.empty()) return found;
  const auto names = world::list_directory(directory);
  if (!names) return found;
  for (const std::string& name : *names)
    if (!objects::is_bucket_name(name) && world::is_directory(concat(directory, "/", name)))
      found.push_back(concat(directory, "/", name, " cannot be a bucket: a name has 3 to 63 small ",
                             "letters, digits, dots and hyphens"));
  return found;
}

std::vector<std::string> missing_for_slurm(const executors::SlurmOptions& slurm) {
  std::vector<std::string> found;
  for (const char* program : {"sbatch", "squeue", "scancel", "scontrol"})
    if (world::programs_named(program).empty())
      found.push_back(concat("slurm: the program ", program, " is not in PATH"));
  if (!slurm.configuration.empty() && access(slurm.configuration.c_str(), R_OK) != 0)
    found.push_back(concat("slurm.configuration: ", slurm.configuration, " cannot be read"));
  return found;
}

std::vector<ConfigProblem> differences_outside(const Config& config) {
  Differences found(config);
  const restore::Settings& settings = config.restore;
  const std::string postgres = settings.postgres_directory + "/postgres";
  if (access(postgres.c_str(), X_OK) != 0)
    found.note("postgres.directory", concat(postgres, " cannot be run"));
  // The one that is built in is missing where PostgreSQL is, which has been told.
  if (config.origins.contains("postgres.account"))
    look_for_account("postgres.account", settings.postgres_account, found);
  look_for_account("functions.account", config.processes.surroundings.system_account, found);
  look_at_data(config.data, found);
  const auto look_outside = [&](const std::string& key, const std::string& path) {
    // What is below its own data the server makes as a whole.
    if (config.data.empty() || !is_within(path, config.data)) look_for_parent(key, path, found);
  };
  for (const auto& [name, region] : settings.regions)
    look_outside(concat("regions.", name, ".directory"), region.directory);
  look_outside("jobs.directory", config.jobs.directory);
  look_outside("jobs.volume", config.jobs.volume);
  if (const auto& slurm = config.jobs.slurm) {
    look_outside("slurm.directory", slurm->directory);
    found.note_all("slurm", missing_for_slurm(*slurm));
  }
  look_for_parent_of_file("notification.file", settings.notification.file, found);
  look_at_buckets(config.objects, found);
  found.note_all("objects.directory", folders_that_are_no_buckets(config));
  look_at_secrets("restore.secrets", settings.secrets_file, "secrets file", found);
  look_into_secrets(settings, found);
  look_at_credentials(config.credentials_file, found);
  return found.take();
}

}  // namespace pawl::daemon
