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
  MachineType type = MachineType::standard;
  QueryLanguage language = QueryLanguage::jsonpath;  // of the machine
  std::set<std::string, std::less<>> names = {};  // of all states: unique in the whole definition
};

// A machine, a branch of a Parallel or the processor of a Map: an object with StartAt and States.
States read_states(Fields& container, Reading& reading);

// Transitions of one such object: targets that do not exist, states that nothing leads to, no end.
void check_transitions(const Fields& container, Findings& findings);

std::unique_ptr<State> read_state(std::string_view name, Fields& fields, Reading& reading);

Pass read_pass(Fields& fields);
Task read_task(Fields& fields, const Reading& reading);
Choice read_choice(Fields& fields);
Wait read_wait(Fields& fields);
Fail read_fail(Fields& fields);
Parallel read_parallel(Fields& fields, Reading& reading);
Map read_map(Fields& fields, Reading& reading);

// The parts of a Map that only the Mode DISTRIBUTED has.
bool read_is_distributed(Fields& processor, const Reading& reading);
void read_distributed(Fields& fields, Map& map);
std::optional<Template> read_items(Fields& fields);

void check_resource(std::string_view resource, const std::string& location, Findings& findings);
// What machines of type EXPRESS may not name.
void check_express_resource(std::string_view resource, const std::string& location,
                            Findings& findings);
bool waits_for_token(std::string_view resource);
bool waits_for_end(std::string_view resource);
bool is_activity(std::string_view resource);

std::vector<Retrier> read_retriers(Fields& fields);
std::vector<Catcher> read_catchers(Fields& fields);

// QueryLanguage, or, where there is none, that of the machine.
QueryLanguage read_language(Fields& fields, QueryLanguage of_machine);

// Assign, with the names that it gives values to.
std::optional<Template> read_assign(Fields& fields);
// A JSONata field of a rule or catcher, "Output".
std::optional<Template> read_output(Fields& fields);

// That no scope within another assigns a variable of the one around it.
void check_scopes(const Fields& machine, Findings& findings);

}  // namespace pawl::asl::parse
