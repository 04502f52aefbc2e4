#pragma once

#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "asl/machine.h"
#include "asl/parse/fields.h"
#include "asl/parse/findings.h"
#include "json/value.h"

namespace pawl::asl::parse {

// What the readers of one definition share.
struct Reading {
  Findings& findings;
  std::set<std::string, std::less<>> names;  // of all states: unique in the whole definition
};

// A machine, a branch of a Parallel or the processor of a Map: an object with StartAt and States.
States read_states(Fields& container, Reading& reading);

// Transitions of one such object: targets that do not exist, states that nothing leads to, no end.
void check_transitions(const Fields& container, Findings& findings);

std::unique_ptr<State> read_state(std::string_view name, Fields& fields, Reading& reading);

Pass read_pass(Fields& fields);
Task read_task(Fields& fields);
Choice read_choice(Fields& fields);
Wait read_wait(Fields& fields);
Fail read_fail(Fields& fields);
Parallel read_parallel(Fields& fields, Reading& reading);
Map read_map(Fields& fields, Reading& reading);

void check_resource(std::string_view resource, const std::string& location, Findings& findings);
bool waits_for_token(std::string_view resource);
bool is_activity(std::string_view resource);

std::vector<Retrier> read_retriers(Fields& fields);
std::vector<Catcher> read_catchers(Fields& fields);

// The query language: false, with a finding, where it is not JSONPath.
bool is_jsonpath(Fields& fields);

}  // namespace pawl::asl::parse
