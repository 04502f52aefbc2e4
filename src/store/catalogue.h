#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace pawl::store {

// What clients have defined, as opposed to what runs: machines with their versions and aliases,
// activities, and the tags of both.

struct Machine {
  std::string arn, name, definition, role_arn, type, status;  // status: ACTIVE, DELETING
  std::string revision_id;                                    // empty until the first update
  Instant created, updated;
  std::string settings = {};  // JSON text: the configurations as they were given; empty: none
  int64_t last_version = 0;   // numbers are not used again, though the version is deleted
};

// A machine as it was when it was published. It does not change.
struct Version {
  std::string machine_arn;
  int64_t number = 0;
  std::string definition, role_arn, revision_id, settings, description;
  Instant created;
};

struct Route {
  int64_t version = 0;
  int64_t weight = 0;  // of 100

  bool operator==(const Route&) const = default;
};
struct Alias {
  std::string arn, machine_arn, name, description;
  std::vector<Route> routes;
  Instant created, updated;
};

struct Activity {
  std::string arn, name, settings;
  Instant created;
};

struct Tag {
  std::string key, value;

  bool operator==(const Tag&) const = default;
};

// Rows of a transaction.
struct PutMachine {
  Machine machine;
};
// With its versions, aliases and tags.
struct DeleteMachine {
  std::string arn;
};
struct PutVersion {
  Version version;
};
struct DeleteVersion {
  std::string machine_arn;
  int64_t number = 0;
};
struct PutAlias {
  Alias alias;
};
struct DeleteAlias {
  std::string arn;
};
struct PutActivity {
  Activity activity;
};
// With its tags.
struct DeleteActivity {
  std::string arn;
};
// All tags of a resource, in the order they were given.
struct PutTags {
  std::string arn;
  std::vector<Tag> tags;
};

struct PageRequest {
  size_t size_max = 100;
  std::string token = {};  // empty for the first page
};
template <typename T>
struct Page {
  std::vector<T> rows;
  std::string next_token;  // empty: this was the last page
};

// Reading it, from any thread.
class Catalogue {
 public:
  virtual ~Catalogue() = default;

  virtual Result<std::optional<Machine>> machine(const std::string& arn) = 0;
  // By name; the definitions left empty.
  virtual Result<Page<Machine>> machines(const PageRequest& page) = 0;
  virtual Result<std::optional<Version>> version(const std::string& machine_arn,
                                                 int64_t number) = 0;
  // The newest first; the definitions left empty.
  virtual Result<Page<Version>> versions(const std::string& machine_arn,
                                         const PageRequest& page) = 0;
  virtual Result<std::optional<Alias>> alias(const std::string& arn) = 0;
  // Of a machine, by name.
  virtual Result<std::vector<Alias>> aliases(const std::string& machine_arn) = 0;
  virtual Result<std::optional<Activity>> activity(const std::string& arn) = 0;
  virtual Result<Page<Activity>> activities(const PageRequest& page) = 0;  // by name
  virtual Result<std::vector<Tag>> tags(const std::string& arn) = 0;
};

}  // namespace pawl::store
