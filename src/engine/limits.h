#pragma once

#include <cstddef>
#include <cstdint>

#include "base/time.h"

namespace pawl::engine {

// Limits on what queues inside the loop; those an operator may set are in Options.

// Commands of clients that wait for their turn. Reports of tasks are not refused: there are never
// more than the tasks that were started.
constexpr size_t commands_waiting_max = 100'000;

// What one turn decides, so that a commit stays small enough to be answered soon.
constexpr size_t commands_per_turn_max = 4096;
// The work (execution::Decision) of each of the three that a turn serves: timers, what has come in,
// and what the engine asks of itself. Counted, not timed, so that the same commands always make the
// same turns; it is about 20 ms.
constexpr int64_t work_per_share_max = 20'000;

// A turn that lasts longer keeps everybody waiting, and the server says that it is not ready.
constexpr Duration turn_time_max = seconds(5);

// Parsed definitions kept though no execution uses them, and rows of machines kept in memory.
constexpr size_t idle_definitions_max = 64;
constexpr size_t machines_kept_max = 1024;

// What an Express execution lasts at most.
constexpr int64_t express_seconds_max = 300;

// The service's own quotas, which its clients reckon with.
constexpr size_t versions_max = 1000;  // of a machine
constexpr size_t aliases_max = 100;    // of a machine
constexpr size_t tags_max = 50;        // of a resource

constexpr size_t name_characters_max = 80;

// An execution that sleeps and cannot be read when it is due: tried again after so long, each time
// twice as long, and so often twice as long at most (about 3 hours).
constexpr Duration waking_delay_min = seconds(10);
constexpr int waking_delays_max = 10;

// The loop looks at the clock this often even when no timer is due, because clocks are set.
constexpr Duration clock_look_interval = seconds(10);

}  // namespace pawl::engine
