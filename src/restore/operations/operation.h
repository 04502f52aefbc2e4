#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "json/value.h"
#include "restore/layout.h"
#include "restore/settings.h"
#include "world/clock.h"

namespace pawl::restore {

// One restore of one database, as its directory keeps it: state.json is the merged state that the
// steps hand on to each other (replaced atomically, never losing a field another step wrote),
// audit.jsonl one line for each step that ended, which outlives clean-up. No secret is ever in
// either.
struct AuditLine {
  Instant at;
  std::string operation_id, step, status;  // SUCCESS or FAILED
  Duration took{0};
  json::Value details;
};

class Operations {
 public:
  Operations(const Settings& settings, world::Clock& clock);

  // The state; not_found where the operation does not exist in the region.
  Result<json::Value> read(const std::string& region, const std::string& id) const;
  // In whichever region it is.
  Result<json::Value> find(const std::string& id) const;
  // Creates the operation where it is new and sets the members of `changes`; durable on return.
  Result<json::Value> merge(const std::string& region, const std::string& id,
                            const json::Value& changes);
  Result<void> append_audit(const std::string& region, const AuditLine& line);
  Result<std::vector<AuditLine>> audit(const std::string& region, const std::string& id) const;
  // Ids of all operations in a region, newest first.
  Result<std::vector<std::string>> list(const std::string& region) const;

 private:
  const Settings& settings_;
  world::Clock& clock_;
};

// What restores go onto.
struct Target {
  std::string region, cluster;
};

// The error of whoever wants a target that another operation restores onto: which one, since when,
// and how it is waited for or stopped. `state` is the holder's, as far as it is known.
Error target_is_busy(const Target& target, const std::string& holder, const json::Value& state);

// Who restores onto a cluster. Held in clusters/<cluster>/lock by operation id, so that it outlives
// the server and the same operation takes it up again; a second operation gets `conflict`, whose
// message says who holds it and since when. A holder whose operation has ended is passed over.
class TargetLock {
 public:
  explicit TargetLock(const Settings& settings, world::Clock& clock);
  Result<void> acquire(const std::string& region, const std::string& cluster,
                       const std::string& operation_id);
  // Does nothing where someone else holds it.
  Result<void> release(const std::string& region, const std::string& cluster,
                       const std::string& operation_id);
  Result<std::optional<std::string>> holder(const std::string& region,
                                            const std::string& cluster) const;

 private:
  const Settings& settings_;
  world::Clock& clock_;
};

}  // namespace pawl::restore
