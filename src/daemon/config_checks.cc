#include "daemon/config_checks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.h"
#include "daemon/access_keys.h"
#include "objects/buckets.h"
#include "restore/users/secrets.h"
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

bool is_directory(const std::string& path) {
  struct stat status {};
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

// The server makes a directory, not those above it: a name that is mistyped, or a disk that is not
// mounted, would otherwise fill the wrong one.
void look_for_parent(const std::string& key, const std::string& path,
                     std::vector<std::string>& found) {
  if (path.empty() || is_directory(path)) return;
  const std::string parent = std::filesystem::path(path).parent_path().string();
  if (is_directory(parent)) return;
  found.push_back(concat(key, ": the directory ", parent, " does not exist"));
}

void look_at_secrets(const std::string& file, std::string_view what,
                     std::vector<std::string>& found) {
  if (file.empty()) return;
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) {
    found.push_back(concat("the ", what, " ", file, " does not exist"));
  } else if ((status.st_mode & 0077) != 0) {
    found.push_back(concat("others may read the ", what, " ", file, "; chmod 600 it"));
  }
}

// What is missing or open to others is told by its file alone.
void look_into_secrets(const restore::Settings& settings, std::vector<std::string>& found) {
  if (settings.secrets_file.empty()) return;
  const auto secrets = restore::read_secrets(settings.secrets_file);
  if (!secrets) {
    if (secrets.error().code() == ErrorCode::invalid_argument) {
      found.push_back(secrets.error().message());
    }
    return;
  }
  for (std::string& fault : restore::faults_of(*secrets, settings)) {
    found.push_back(std::move(fault));
  }
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
    if (!objects::is_bucket_name(name) && is_directory(concat(directory, "/", name)))
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

std::vector<std::string> differences_outside(const Config& config) {
  std::vector<std::string> found;
  const restore::Settings& settings = config.restore;
  const std::string postgres = settings.postgres_directory + "/postgres";
  if (access(postgres.c_str(), X_OK) != 0) found.push_back(concat(postgres, " cannot be run"));
  look_for_parent("data", config.data, found);
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
    for (std::string& each : missing_for_slurm(*slurm)) found.push_back(std::move(each));
  }
  look_for_parent("notification.file", settings.notification.file, found);
  for (std::string& folder : folders_that_are_no_buckets(config))
    found.push_back(std::move(folder));
  look_at_secrets(settings.secrets_file, "secrets file", found);
  look_into_secrets(settings, found);
  look_at_secrets(config.credentials_file, "credentials file", found);
  if (!config.credentials_file.empty()) {
    const auto keys = read_access_keys(config.credentials_file);
    if (!keys && keys.error().code() == ErrorCode::invalid_argument)
      found.push_back(keys.error().message());
  }
  return found;
}

}  // namespace pawl::daemon
