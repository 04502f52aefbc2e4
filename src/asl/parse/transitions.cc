#include <map>
#include <set>
#include <vector>

#include "asl/parse/read.h"
#include "base/text.h"

// Works on the text of the definition rather than on parsed states, so that a fault in one field
// does not make states look unreachable.
namespace pawl::asl::parse {
namespace {

using json::Value;

struct Transition {
  std::string target;
  std::string location;
};

void add_transition(const Value& from, std::string_view field, const std::string& location,
                    std::vector<Transition>& out) {
  if (const auto target = from.string_at(field))
    out.push_back({*target, concat(location, "/", field)});
}

std::vector<Transition> transitions(const Value& state, const std::string& location) {
  std::vector<Transition> found;
  add_transition(state, "Next", location, found);
  for (const std::string_view list : {"Choices", "Catch"}) {
    const Value rules = state[list];
    if (!rules.is_array()) continue;
    for (size_t at = 0; at < rules.size(); ++at)
      add_transition(rules.elements()[at], "Next", concat(location, "/", list, "[", at, "]"),
                     found);
  }
  add_transition(state, "Default", location, found);
  return found;
}

// A state from which no transition leads ends the machine, if only by a fault that is reported
// elsewhere.
bool is_terminal(const Value& state, const std::vector<Transition>& transitions) {
  const auto type = state.string_at("Type");
  return transitions.empty() || type == "Succeed" || type == "Fail" ||
         state.boolean_at("End").value_or(false);
}

class Graph {
 public:
  Graph(const Value& states, const std::string& location) : location_(location) {
    for (const auto& [name, state] : states.members()) {
      auto& node = nodes_[name];
      order_.push_back(name);
      node.transitions = transitions(state, concat(location, "/", name));
      node.is_terminal = is_terminal(state, node.transitions);
    }
  }

  void check_targets(Findings& findings) {
    for (const auto& name : order_)
      for (const auto& transition : nodes_[name].transitions) check_target(transition, findings);
  }

  void check_target(const Transition& transition, Findings& findings) {
    if (nodes_.contains(transition.target)) return;
    findings.add({Severity::error, "MISSING_TRANSITION_TARGET",
                  concat("Missing 'Next' target: ", transition.target), transition.location});
  }

  bool has_end() const {
    for (const auto& [name, node] : nodes_)
      if (node.is_terminal) return true;
    return false;
  }

  // Of each piece that the start does not lead to, the states where it begins.
  void report_unreachable(const std::string& start, Findings& findings) {
    reach(start);
    const auto targets = this->targets();
    for (const auto& name : order_)
      if (!nodes_[name].is_reached && !targets.contains(name)) report(name, findings);
    for (const auto& name : order_)
      if (!nodes_[name].is_reached) report(name, findings);
  }

 private:
  struct Node {
    std::vector<Transition> transitions;
    bool is_terminal = false;
    bool is_reached = false;
  };

  void report(const std::string& name, Findings& findings) {
    findings.add({Severity::error, "MISSING_TRANSITION_TARGET",
                  concat("State \"", name, "\" is not reachable."), concat(location_, "/", name)});
    reach(name);
  }

  // Everything that another state leads to.
  std::set<std::string> targets() const {
    std::set<std::string> names;
    for (const auto& [source, node] : nodes_)
      for (const auto& transition : node.transitions)
        if (transition.target != source) names.insert(transition.target);
    return names;
  }

  void reach(const std::string& start) {
    std::vector<std::string> open{start};
    while (!open.empty()) {
      const auto found = nodes_.find(open.back());
      open.pop_back();
      if (found == nodes_.end() || found->second.is_reached) continue;
      found->second.is_reached = true;
      for (const auto& transition : found->second.transitions) open.push_back(transition.target);
    }
  }

  std::string location_;
  std::map<std::string, Node> nodes_;
  std::vector<std::string> order_;
};

}  // namespace

void check_transitions(const Fields& container, Findings& findings) {
  const Value states = container.object()["States"];
  if (!states.is_object() || states.size() == 0) return;
  Graph graph(states, container.location("States"));
  const auto start = container.object().string_at("StartAt");
  if (start) graph.check_target({*start, container.location("StartAt")}, findings);
  graph.check_targets(findings);
  if (!graph.has_end()) {
    findings.add(
        {Severity::error, "MISSING_END_STATE", "Workflow has no terminal state", std::string()});
  } else if (start) {
    graph.report_unreachable(*start, findings);
  }
}

}  // namespace pawl::asl::parse
