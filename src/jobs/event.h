#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "base/time.h"
#include "jobs/job.h"
#include "json/value.h"

namespace pawl::jobs {

// What has happened to some children of a job, one after another in the array. The state of a job
// is the fold of its events and nothing else; so the letters and the order of members are for ever.
struct Event {
  enum class Kind : char {
    ready = 'r',      // nothing is waited for any more
    handed = 'h',     // given to an executor as `attempt`; `text`: the environment
    started = 's',    // `text`: where
    ended = 'e',      // the attempt; `next` is the child's status
    returned = 'b',   // the executor has not run it
    stopping = 't',   // for `failing`; `text`: the reason
    failed = 'f',     // without an attempt that runs
    revived = 'v',    // a failed one is to run again
    cancelled = 'c',  // the job's flag; `text`: the reason
    terminated = 'x',
  };
  Kind kind = Kind::ready;
  Instant at;
  int32_t first = 0, count = 1;
  int32_t attempt = 0;
  std::optional<int32_t> exit_code = {};
  Status next = Status::pending;
  Failing failing = Failing::none;
  std::string text = {};           // the reason that the attempt or the stop has
  std::string status_reason = {};  // and the child's
};

json::Value to_json(const Event& event);
Result<Event> event_from(const json::Value& value);

}  // namespace pawl::jobs
