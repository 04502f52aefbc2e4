#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "functions/processes/answer.h"
#include "functions/processes/launch.h"
#include "functions/processes/log_file.h"
#include "functions/processes/messages.h"

namespace pawl::functions::processes {

using Steady = std::chrono::steady_clock;

// A call that has been let in.
struct Call {
  std::string function;
  Event event;
  Done done;
};

struct Process;

// A descriptor that the loop watches, and whose it is.
struct Watched {
  enum class Kind { wake, door, connection, output, end };
  Kind kind;
  Process* process = nullptr;
};

// A connection of a process to us.
struct Connection : Watched {
  Connection(Process* of, world::FileDescriptor socket);
  // What the other end does not take at once goes out when it can. False where it is gone.
  bool send(std::string text);
  // The same for the answer to the request that came last, which may be the end of the connection.
  bool answer(int status, std::vector<http::Header> headers, std::string_view body);
  bool flush();

  world::FileDescriptor socket;
  Messages messages;
  std::string unsent;
  bool waits_for_event = false;
  bool ends_when_sent = false;
};

// A process of a function, from its start to its end.
struct Process {
  enum class State {
    starting,  // until it asks for its first event
    idle,      // waits for an event
    busy,      // has one
    settling,  // has answered, and not yet asked for the next
    ending,    // is being ended, or has ended
  };

  Process(std::shared_ptr<const Definition> of, Launched launched);

  // The connection that waits for an event; null where none does.
  Connection* waiting();
  // Reads what it has said into the log. False where nobody can say anything any more. REQUIRES:
  // `log` is the function's.
  bool hear(LogFile& log);
  void note_memory(uint64_t bytes) { memory_bytes_max = std::max(memory_bytes_max, bytes); }
  // The lines that the log has at the end of a call.
  std::string report(Steady::time_point now) const;

  const std::shared_ptr<const Definition> definition;
  Launched system;
  Watched door{Watched::Kind::door, this}, output{Watched::Kind::output, this},
      end{Watched::Kind::end, this};
  std::list<Connection> connections;

  State state = State::starting;
  bool was_ready = false;
  std::unique_ptr<Call> call;                      // the one that it has
  std::optional<Answer> last_words;                // what its call is told once it has ended
  std::string heard;                               // since the call has begun; its end
  Steady::time_point began = Steady::now();        // the process, then the call
  Steady::time_point due;                          // when the state is over
  std::optional<Steady::duration> initialised_in;  // until it has been reported
  uint64_t memory_bytes_max = 0;
  Steady::time_point measured;
};

}  // namespace pawl::functions::processes
