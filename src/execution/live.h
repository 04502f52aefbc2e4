#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "asl/machine.h"
#include "execution/execution.h"
#include "execution/map_run.h"

namespace pawl::execution {

// The live state of an execution: a tree of frames, one for the machine itself and one for each
// branch of a Parallel and iteration of a Map that is under way. Only apply() changes it.

using FrameId = uint64_t;
constexpr FrameId root_id = 0;

struct Timer {
  EffectId id = 0;
  Instant due;
};

struct OnTask {
  EffectId id = 0;
  json::Value input;  // the evaluated Parameters
  Instant since;
  bool is_started = false;
  bool is_handed_over = false;  // to a worker, or to who shall answer by the token
  std::optional<Timer> timeout = {}, heartbeat = {};
  std::optional<int64_t> timeout_seconds = {}, heartbeat_seconds = {};
};

enum class Purpose : uint8_t { wait, retry, pause };

struct OnTimer {
  Timer timer;
  Purpose purpose = Purpose::wait;
  Instant since;
};

struct OnChildren {
  std::map<int64_t, FrameId> running;  // by branch or iteration
  // Of each of them; of a stream that writes its results none.
  std::vector<json::Value> results;
  json::Value items;                    // of a Map; of a stream those that were read last
  int64_t first_item = 0;               // the index of the first of them
  int64_t count = 0;                    // branches, or iterations that are known of
  int64_t concurrency_max = 0;          // 0: no limit
  int64_t next_index = 0;               // the iteration to start next
  int64_t spawned_after = 0;            // the event an iteration started now follows
  std::optional<int64_t> failures_max;  // tolerated; absent: the first failure is final
  int64_t failures = 0;                 // of an inline Map those that were tolerated
  std::unique_ptr<MapRun> run;          // of a distributed Map

  // That of the iteration, or null (the pointer) where it is not there.
  const json::Value* item(int64_t index) const;
};

using Waiting = std::variant<std::monostate, OnTask, OnTimer, OnChildren>;

struct Frame {
  FrameId id = root_id;
  Frame* parent = nullptr;  // null: this is the root
  int64_t index = 0;        // branch or iteration
  json::Value item;         // of an iteration
  const asl::States* states = nullptr;
  const asl::State* state = nullptr;  // the last one entered
  bool is_inside = false;             // entered and not exited yet
  const asl::State* paused_before = nullptr;
  FrameId teller = root_id;                       // the frame whose history tells of this one
  int64_t next_event = 1;                         // in its own history, where it has one
  json::Value input;                              // of the state; once it is exited, its output
  json::Value variables = json::Value::object();  // all that the scope can see
  json::Value assigned;                           // by this state, once it has; or null
  Instant entered;
  int64_t entered_event = 0, entered_after = 0;  // and the event before it
  int64_t last_event = 0;
  std::vector<int64_t> attempts;  // by retrier
  int64_t retry_count = 0;
  EffectId task = 0;  // the last one of this attempt
  json::Value role;   // the ARN that its Credentials name, or null
  Waiting waiting;
  // The children, those that had not succeeded among them, of a state that has failed or was
  // aborted: kept for a redrive until the frame goes on.
  std::unique_ptr<OnChildren> given_up = {};

  bool is_iteration() const;
  template <typename Kind>
  Kind* waits() {
    return std::get_if<Kind>(&waiting);
  }
  template <typename Kind>
  const Kind* waits() const {
    return std::get_if<Kind>(&waiting);
  }
};

std::vector<EffectId> effect_ids(const Waiting& waiting);

class Live {
 public:
  Live(const asl::Machine& machine, Identity identity);

  Frame& root() { return *frames_.at(root_id); }
  const Frame& root() const { return *frames_.at(root_id); }
  Frame* find(FrameId id);
  const Frame* find(FrameId id) const { return const_cast<Live*>(this)->find(id); }
  // The frame that waits for this effect, or null.
  Frame* waiting_for(EffectId effect);
  // In the order they were made.
  std::vector<const Frame*> frames() const;

  Frame& add_child(Frame& parent, int64_t index, const asl::States& states);
  // Ends what the frame waits for, children included, and makes it wait for something else.
  void set_waiting(Frame& frame, Waiting waiting);
  // Changes how it waits: what it waits for is found under the new effects, and children stay.
  template <typename Change>
  void change_waiting(Frame& frame, Change change) {
    for (const EffectId id : effect_ids(frame.waiting)) effects_.erase(id);
    change();
    for (const EffectId id : effect_ids(frame.waiting)) effects_[id] = frame.id;
  }
  void drop(FrameId id);
  // Ends what the frame and all under it wait for, but keeps the children.
  void give_up(Frame& frame);
  // Those children are its own again. All retries are there again, and everything that happens now
  // follows the event.
  void take_up(Frame& frame, int64_t event);
  // The one that the next child will get.
  FrameId next_frame() const { return next_frame_; }
  // The run of that ARN, where its Map is waiting for it.
  Frame* running(std::string_view map_run_arn);

  // States are known by their number within their set, in records.
  int64_t number_of(const asl::States& states, const asl::State& state);
  const asl::State* state_at(const asl::States& states, int64_t number);

  // As text, which is kept for as long as the same moment is asked for.
  const json::Value& text_of(Instant moment);

  const asl::Machine& machine;
  const Identity identity;
  json::Value execution_context, machine_context;  // "$$.Execution", "$$.StateMachine"

  std::optional<json::Value> given_context;  // "$$" of a state that is tried on its own

  // Whether children of map runs are known for ever, as whoever tells of them needs.
  bool keeps_children = false;
  bool has_begun = false;
  Status status = Status::running;
  json::Value output;
  std::string error, cause;
  std::optional<Timer> deadline;
  EffectId next_effect = 1;

 private:
  using Numbering = std::vector<const asl::State*>;
  const Numbering& numbering(const asl::States& states);

  std::optional<Instant> written_moment_;
  json::Value moment_text_;
  FrameId next_frame_ = root_id;
  std::unordered_map<FrameId, std::unique_ptr<Frame>> frames_;
  std::unordered_map<EffectId, FrameId> effects_;
  std::unordered_map<const asl::States*, Numbering> numberings_;
};

// Why the execution cannot begin again where it has ended; empty: it can.
std::string redrive_refusal(const Live& live);

// What is asked for while the frame waits as it does.
std::vector<Effect> effects(const Live& live, const Frame& frame);
// Whether the first of them is work, which is to be cancelled, and no timer.
bool has_work(const Waiting& waiting);

// The context object, "$$", as the frame's state sees it.
json::Value context(Live& live, const Frame& frame);

}  // namespace pawl::execution
