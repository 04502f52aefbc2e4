#pragma once

#include <string>

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

Shown show_execution(const Live& live, const Event& event);
Shown show_state(Live& live, const Frame& frame, const Event& event);
Shown show_task(const Live& live, const Frame& frame, const Event& event);
Shown show_children(const Frame& frame, const Event& event);

// Members every event with a payload has: the value as text, and that it is all there.
void add_payload(json::Value::Object& details, std::string name, const json::Value& value);
// "error" and "cause", each where it is not empty.
void add_failure(json::Value::Object& details, const Event& event);

}  // namespace pawl::execution
