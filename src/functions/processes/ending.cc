// How processes end: by themselves, at a limit, when nobody needs them, and with the server.
#include <sys/epoll.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include "base/log.h"
#include "base/text.h"
#include "functions/processes/host.h"

namespace pawl::functions::processes {
namespace {

std::string lower_name(int signal) { return lower(::strsignal(signal)); }

template <typename Unit>
std::string text_in(Steady::duration duration) {
  char text[32];
  const double count = std::chrono::duration<double, typename Unit::period>(duration).count();
  std::snprintf(text, sizeof text, "%.2f", count);
  return text;
}

// How the service tells it.
std::string exit_text(int status) {
  if (WIFSIGNALED(status))
    return concat("Runtime exited with error: signal: ", lower_name(WTERMSIG(status)));
  if (WEXITSTATUS(status) == 0) return "Runtime exited without providing a reason";
  return concat("Runtime exited with error: exit status ", WEXITSTATUS(status));
}

}  // namespace

// Nothing more is handed to it. What it does in the rest of its time is its own affair.
void Host::end(Process& process, int signal, std::optional<Answer> last_words) {
  if (process.state != Process::State::ending) {
    leave_state(process);
    if (last_words && !process.last_words) process.last_words = std::move(last_words);
    set_due(process, Steady::now() + settings_.grace);
  }
  process.system.family.signal(signal);
}

void Host::leave_state(Process& process) {
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  if (process.state == Process::State::idle) std::erase(fleet.idle, &process);
  if (process.state == Process::State::settling) --fleet.settling;
  working_.erase(&process);
  process.state = Process::State::ending;
}

bool Host::is_current(const Definition& definition) const {
  const DefinitionPointer& current = fleets_.find(definition.name)->second.definition;
  return current && current->revision == definition.revision;
}

void Host::retire_idle(Fleet& fleet) {
  const auto idle = fleet.idle;
  for (Process* process : idle) {
    if (!is_current(*process->definition)) end(*process, SIGTERM, std::nullopt);
  }
}

Answer Host::timed_out(const Process& process) {
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  const std::string message =
      concat(format_instant(clock_.now()), " ", process.call->event.id, " Task timed out after ",
             text_in<seconds>(process.definition->time_limit), " seconds");
  fleet.log.append_line(concat(message, "\n"));
  return error_answer("Sandbox.Timedout", message);
}

// As long as the function may take for a call, it may take to begin.
Duration Host::initialisation_limit(const Definition& definition) const {
  return std::max<Duration>(settings_.initialisation_limit, definition.time_limit);
}

Answer Host::never_ready(const Process& process) {
  Fleet& fleet = fleets_.find(process.definition->name)->second;
  const Duration limit = initialisation_limit(*process.definition);
  const bool is_of_server = limit == settings_.initialisation_limit;
  const std::string message =
      concat("The process did not become ready within ", text_in<seconds>(limit), " seconds (",
             is_of_server ? "functions.start_time" : "the function's Timeout", ")");
  const std::string took = text_in<milliseconds>(Steady::now() - process.began);
  fleet.log.append_line(concat("INIT_REPORT Init Duration: ", took,
                               " ms\tPhase: init\tStatus: timeout\n", format_instant(clock_.now()),
                               " ", message));
  const std::string id = fleet.waiting.empty() ? "" : fleet.waiting.front()->event.id;
  return error_answer("Sandbox.Timedout", concat("RequestId: ", id, " Error: ", message));
}

Answer Host::out_of_memory(const Process& process) {
  const std::string id = process.call ? process.call->event.id : "";
  return error_answer(
      "Runtime.OutOfMemory",
      concat("RequestId: ", id, " Error: Runtime exited with error: signal: killed: memory size ",
             process.definition->memory_mb, " MB, used ",
             (process.memory_bytes_max + (1 << 20) - 1) >> 20, " MB"));
}

// The process has ended. Those that it has begun end now; before it is reaped, so that its number
// cannot mean anyone else.
void Host::bury(Process& process) {
  ::epoll_ctl(epoll_.number(), EPOLL_CTL_DEL, process.system.ended.number(), nullptr);
  if (process.state != Process::State::ending) leave_state(process);
  burials_.add([this, dead = &process] {
    const Family& family = dead->system.family;
    const bool is_out_of_memory = family.is_out_of_memory();
    family.end();
    int status = 0;
    while (::waitpid(family.leader(), &status, 0) < 0 && errno == EINTR) {
    }
    in_turn([&] { finalize(*dead, status, is_out_of_memory); });
  });
}

void Host::finalize(Process& process, int status, bool is_out_of_memory) {
  const std::string& name = process.definition->name;
  Fleet& fleet = fleets_.find(name)->second;
  process.hear(fleet.log);
  if (is_out_of_memory && !process.last_words) process.last_words = out_of_memory(process);
  const auto last_words = [&](const std::string& id) {
    if (process.last_words) return *std::move(process.last_words);
    const std::string message = concat("RequestId: ", id, " Error: ", exit_text(status));
    fleet.log.append_line(concat(message, "\nRuntime.ExitError"));
    return error_answer("Runtime.ExitError", message);
  };
  if (process.call) {
    Answer answer = last_words(process.call->event.id);
    answer.log_tail = write_report(process, fleet);
    settle(std::move(process.call), std::move(answer));
  } else if (!process.was_ready) {
    --fleet.starting;
    // Calls that wait get a process of the definition that there is now.
    if (!fleet.waiting.empty() && is_current(*process.definition))
      fail_first_waiting(fleet, last_words(fleet.waiting.front()->event.id));
  }
  fleet.log.flush();
  dues_.erase({process.due, &process});
  // The loop may hold events of it; it goes when that has seen them.
  for (Connection& connection : process.connections) connection.socket.close();
  process.system = {};
  const auto found = processes_.find(&process);
  buried_.push_back(std::move(found->second));
  processes_.erase(found);
  start_missing(name, fleet);
  if (!is_current(*buried_.back()->definition)) clear_code(name);
  emptied_.notify_all();
}

void Host::drain() {
  breaks_off_ = true;
  unpackings_.refuse_asked();
  later_.refuse_asked();
  in_turn([&] {
    is_draining_ = true;
    for (auto& [name, fleet] : fleets_)
      while (!fleet.waiting.empty()) fail_first_waiting(fleet, {.kind = Answer::Kind::stopping});
    for (const auto& [pointer, process] : processes_)
      end(*process, SIGTERM, Answer{.kind = Answer::Kind::stopping});
  });
  std::unique_lock lock(mutex_);
  emptied_.wait(lock, [&] { return processes_.empty() && starts_open_ == 0; });
}

}  // namespace pawl::functions::processes
