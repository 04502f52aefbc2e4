#pragma once

#include <string>
#include <unordered_map>

#include "execution/event.h"
#include "execution/history.h"

namespace pawl::execution {

// What the service shows of an event, by family: the type, and the details under the name the
// type gives them. Asked before the event is applied; id, previous id and time come afterwards.

struct Shown {
  std::string type;
  std::string details_name;
  json::Value details;
};

// Values as JSON text, written once for each: a large input that goes through a hundred states is
// one text, not two hundred.
class Texts {
 public:
  json::Value of(const json::Value& value);

 private:
  struct Written {
    json::Value value, text;  // the value is held, so that its identity stays its own
  };
  std::unordered_map<uintptr_t, Written> written_;
};

Shown show_execution(Texts& texts, const Live& live, const Event& event);
Shown show_state(Texts& texts, Live& live, const Frame& frame, const Event& event);
Shown show_task(Texts& texts, const Live& live, const Frame& frame, const Event& event);
Shown show_children(const Frame& frame, const Event& event);
// Of a child of a distributed Map, which begins and ends as an execution does.
bool is_of_child_execution(const Frame& frame, const Event& event);
Shown show_child(Texts& texts, const Live& live, const Frame& frame, const Event& event);

// Members every event with a payload has: the value as text, and that it is all there.
void add_payload(json::Value::Object& details, std::string name, const json::Value& text);
// "error" and "cause", each where it is not empty.
void add_failure(json::Value::Object& details, const Event& event);

}  // namespace pawl::execution
