#pragma once

#include <string>
#include <vector>

#include "daemon/config.h"
#include "json/value.h"

namespace pawl::daemon {

// One key of the configuration in force.
struct Setting {
  std::string table;  // as a file writes it: "clusters.\"customer-db\""; empty: above all tables
  std::string key;
  std::string name;  // "clusters.customer-db.port"
  json::Value value;
  std::string unit;    // "bytes", "seconds"; empty: none
  std::string origin;  // "pawl.toml:12", "PAWL_DATA", "default"
};

// All that are set, in the order of a file. None of them holds a secret; passwords in URLs are left
// out.
std::vector<Setting> settings_of(const Config& config);

// Limits that nobody can set.
std::vector<Setting> fixed_limits();

// Lines of a file that says the same, each with its origin behind it; the fixed limits as remarks.
std::string annotated_config(const Config& config);

}  // namespace pawl::daemon
