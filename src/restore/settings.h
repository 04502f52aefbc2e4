#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"

namespace pawl::restore {

// What the configuration file says about databases; docs/configuration.md describes every key. The
// daemon reads the file, this room only uses the result.

struct Region {
  std::string name;
  std::string directory;  // absolute; everything Pawl keeps of the region is below it
  uint16_t port_first = 6100, port_last = 6999;  // for restored servers and endpoints
  std::optional<uint64_t> space_limit;           // bytes below `directory`, honoured before writing
};

// A database cluster that snapshots are taken of: a running PostgreSQL.
struct Cluster {
  std::string name, region;
  std::string host;  // an address, or the directory of its socket
  uint16_t port = 5432;
  std::string user = "postgres", database = "postgres";
  // Where the server's files can be read directly, snapshots are copied instead of streamed.
  std::string data_directory;
  // Fixed port of this cluster's endpoint in a region it is restored into; others are given one
  // from the region's range and keep it.
  std::map<std::string, uint16_t> endpoint_ports;
};

struct Notification {
  std::string file;  // JSON lines are appended
  std::string http_url;
  std::string smtp_server, smtp_from, smtp_username;
  std::vector<std::string> smtp_to;
  // Absent: wherever there is a password to protect.
  std::optional<bool> smtp_requires_tls = {};
  bool requires_tls() const { return smtp_requires_tls.value_or(!smtp_username.empty()); }
};

struct Settings {
  std::map<std::string, Region> regions;
  // Where the server itself is at home, and so the files of batches; the first region where this is
  // empty or names none.
  std::string home_region;
  std::map<std::string, Cluster> clusters;
  Notification notification;
  // File with the users to set up and other secrets; refused unless its mode is 0600 or stricter.
  std::string secrets_file;

  std::string postgres_directory = "/usr/lib/postgresql/15/bin";
  // System account PostgreSQL runs as when Pawl itself is root.
  std::string postgres_account = "postgres";
  // Server settings of restored clusters, name → value, as postgresql.conf takes them.
  std::map<std::string, std::string> postgres_parameters;

  int copy_threads = 4;
  // How long the replaced cluster is kept and can be swapped back; only the last one is.
  Duration grace = hours(24);
  Duration connection_limit = seconds(30);
};

}  // namespace pawl::restore
