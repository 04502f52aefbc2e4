#include "execution/map_results.h"

#include <algorithm>

#include "base/text.h"
#include "execution/execution.h"
#include "json/write.h"

namespace pawl::execution {
namespace {

using json::Value;

const Value& included() {
  static const Value details = Value::object({{"Included", true}});
  return details;
}

// Members in the order of the alphabet, as the service writes them.
Value shown(const MapRun& run, int64_t index) {
  const ChildRun& child = run.children.at(index);
  const ChildPlace place{run.arn, index};
  const bool is_good = child.status == Status::succeeded;
  Value::Object members;
  if (!child.cause.empty()) members.push_back({"Cause", child.cause});
  if (!child.error.empty()) members.push_back({"Error", child.error});
  members.push_back({"ExecutionArn", child_arn(place)});
  members.push_back({"Input", child.input});
  members.push_back({"InputDetails", included()});
  members.push_back({"Name", child_name(place)});
  if (is_good) {
    members.push_back({"Output", child.output});
    members.push_back({"OutputDetails", included()});
  }
  members.push_back({"RedriveCount", child.redrives});
  members.push_back({"RedriveStatus", "NOT_REDRIVABLE"});
  if (is_good) members.push_back({"RedriveStatusReason", cannot_be_redriven(name(child.status))});
  members.push_back({"StartDate", format_instant(child.started)});
  members.push_back({"StateMachineArn", machine_arn_of(run.arn)});
  members.push_back({"Status", name(child.status)});
  if (child.stopped) members.push_back({"StopDate", format_instant(*child.stopped)});
  return members;
}

Value all_shown(const MapRun& run) {
  Value::Array all;
  if (run.errand->part) {
    for (const int64_t index : *run.errand->part) all.push_back(shown(run, index));
  } else {
    for (const auto& [index, child] : run.children) all.push_back(shown(run, index));
  }
  return all;
}

Value all_pending(const MapRun& run, const Value& inputs) {
  Value::Array all;
  if (!inputs.is_array()) return all;
  int64_t index = run.children_by.begun();
  for (const Value& input : inputs.elements()) {
    const ChildPlace place{run.arn, index++};
    all.push_back(Value::object({{"ExecutionArn", child_arn(place)},
                                 {"Input", input},
                                 {"InputDetails", included()},
                                 {"Name", child_name(place)},
                                 {"StateMachineArn", machine_arn_of(run.arn)},
                                 {"Status", "PENDING"}}));
  }
  return all;
}

}  // namespace

Value results_request(const MapRun& run, const asl::ResultWriter& writer) {
  Value::Object members{{"MapRunArn", run.arn},
                        {"Bucket", run.writer["Bucket"]},
                        {"Prefix", run.writer["Prefix"]},
                        {"OutputType", writer.output_type},
                        {"Transformation", writer.transformation},
                        {"Children", all_shown(run)},
                        {"Pending", all_pending(run, run.errand->request)}};
  if (run.stream) {
    members.push_back({"Part", run.stream->parts - 1});
    members.push_back({"IsLast", run.is_ending()});
    if (run.is_ending()) members.push_back({"Files", run.stream->files});
  }
  return members;
}

bool are_files(const Value& value) {
  return value.is_object() && std::ranges::all_of(value.members(), [](const auto& by_status) {
           return by_status.value.is_array();
         });
}

Value with_files(const Value& files, const Value& more) {
  if (files.is_null()) return more;
  Value all = files;
  for (const auto& [status, added] : more.members()) {
    Value::Array listed;
    for (const Value& each : {files[status], added})
      if (each.is_array())
        listed.insert(listed.end(), each.elements().begin(), each.elements().end());
    all = all.with(status, std::move(listed));
  }
  return all;
}

Value as_left(const Value& child) {
  Value left = child;
  for (const char* name : {"Input", "Output"})
    if (const Value* value = child.find(name)) left = left.with(name, json::write(*value));
  return left;
}

Value::Array flattened(const Value::Array& outputs) {
  Value::Array all;
  for (const Value& output : outputs) {
    if (output.is_array()) {
      all.insert(all.end(), output.elements().begin(), output.elements().end());
    } else {
      all.push_back(output);
    }
  }
  return all;
}

Value transformed(const MapRun& run, const std::string& transformation,
                  const Value::Array& outputs) {
  if (transformation == "FLATTEN") return flattened(outputs);
  if (transformation != "NONE") return outputs;
  Value::Array all;
  for (const auto& [index, child] : run.children) all.push_back(as_left(shown(run, index)));
  return all;
}

}  // namespace pawl::execution
