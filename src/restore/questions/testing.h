#pragma once

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <map>
#include <string>

#include "restore/provider.h"
#include "restore/settings.h"
#include "world/cancellation.h"
#include "world/clock.h"

// What the tests of verbs stand on: two regions in a directory of their own, three clusters, a
// clock that is moved by hand, and a provider that knows the newest date of each cluster.
namespace pawl::restore::testing {

class HandClock : public world::Clock {
 public:
  Instant now() override { return now_; }
  void advance(Duration duration) { now_ += duration; }

 private:
  Instant now_ = *parse_instant("2026-11-21T02:00:00Z");
};

class NamedProvider : public Provider {
 public:
  std::map<std::string, std::string> latest;
  std::function<void(Snapshot&)> detail;  // what a test wants otherwise
  std::string swapped_back, done;
  Endpoint endpoint{"/run/x", "127.0.0.1", 6100};

  Result<Snapshot> find_snapshot(const std::string& region, const std::string& cluster,
                                 const std::string& date) override {
    const auto found = latest.find(cluster);
    if (found == latest.end() || (date != "latest" && date != found->second)) {
      return Error(ErrorCode::not_found, "snapshot of " + cluster + " does not exist");
    }
    Snapshot snapshot;
    snapshot.name = "aurora-snapshot-" + cluster + "-" + found->second;
    snapshot.cluster = cluster;
    snapshot.region = region;
    snapshot.date = found->second;
    snapshot.bytes = 400'000'000;
    snapshot.files = 1200;
    snapshot.taken = *parse_instant(found->second + "T01:00:00Z");
    if (detail) detail(snapshot);
    return snapshot;
  }
  Result<void> begin_copy(const std::string&, const Snapshot&, const std::string&) override {
    return unused();
  }
  Result<ProviderStatus> wait_copy(const std::string&, const Snapshot&, const std::string&,
                                   Duration, const Report&, const world::Cancellation&) override {
    return unused();
  }
  Result<void> begin_restore(const std::string&, const Snapshot&, const std::string&,
                             const std::string&) override {
    return unused();
  }
  Result<ProviderStatus> wait_restore(const std::string&, const std::string&, Duration,
                                      const Report&, const world::Cancellation&) override {
    return unused();
  }
  Result<std::vector<std::string>> set_up_users(const std::string&, const std::string&,
                                                const std::vector<User>&) override {
    return unused();
  }
  Result<Verification> verify(const std::string&, const std::string&, const Snapshot&,
                              const Report&, const world::Cancellation&) override {
    return unused();
  }
  Result<Endpoint> swap(const std::string&, const std::string&, const std::string&) override {
    return unused();
  }
  Result<Endpoint> swap_back(const std::string& operation_id, const std::string&,
                             const std::string&) override {
    swapped_back = operation_id;
    return endpoint;
  }
  Result<void> stop(const std::string& region, const std::string& cluster) override {
    done = "stop " + region + "/" + cluster;
    return {};
  }
  Result<Endpoint> start(const std::string& region, const std::string& cluster) override {
    done = "start " + region + "/" + cluster;
    return endpoint;
  }
  Result<void> remove(const std::string& region, const std::string& cluster) override {
    done = "remove " + region + "/" + cluster;
    return {};
  }
  Result<void> discard(const std::string&, const std::string&) override { return unused(); }

 private:
  static Error unused() { return Error(ErrorCode::unsupported, "not asked for by these tests"); }
};

struct Stage {
  Stage() {
    std::string name = (std::filesystem::temp_directory_path() / "pawl-verbs-XXXXXX").string();
    directory = mkdtemp(name.data());
    for (const char* region : {"us-east-1", "us-west-2"}) {
      settings.regions[region] = Region{.name = region,
                                        .directory = directory + "/" + region,
                                        .port_first = 6100,
                                        .port_last = 6199,
                                        .space_limit = {}};
      std::filesystem::create_directories(directory + "/" + region);
    }
    settings.home_region = "us-east-1";
    for (const char* cluster : {"customer-db", "product-db", "order-db"}) {
      settings.clusters[cluster].name = cluster;
      settings.clusters[cluster].region = "us-east-1";
    }
  }
  ~Stage() { std::filesystem::remove_all(directory); }
  Stage(const Stage&) = delete;

  std::string directory;
  Settings settings;
  HandClock clock;
  NamedProvider provider;
  world::Cancellation cancellation;
};

}  // namespace pawl::restore::testing
