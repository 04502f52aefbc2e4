#pragma once

#include "asl/machine.h"
#include "execution/map_run.h"

namespace pawl::execution {

// The results of a map run, as its ResultWriter asks for them.

// What the task to write them is asked:
//
//   {MapRunArn, Bucket, Prefix, OutputType, Transformation, Children: […], Pending: […],
//    Part: n, IsLast: true, Files: {FAILED: […], SUCCEEDED: […]}}
//
// The children are shown as the service shows executions, but for their Input and Output, which are
// values; those that are pending are the inputs of which none was made. Only where items come
// window by window, results go out in parts: this is the n-th, and the last one is told of the
// files of all before it.
json::Value results_request(const MapRun& run, const asl::ResultWriter& writer);
// What the task to write a part answers: {FAILED: […], PENDING: […], SUCCEEDED: […]}.
bool are_files(const json::Value& value);
// Those of several parts, and of one more. REQUIRES: none, or are_files; are_files.
json::Value with_files(const json::Value& files, const json::Value& more);

// One of the children or of the pending with Input and Output as JSON texts, as it is left in a
// file.
json::Value as_left(const json::Value& child);

// The output of the Map where the results are not written anywhere: the outputs (COMPACT, or
// nothing said), those of arrays one after another (FLATTEN), or all about the children (NONE).
json::Value transformed(const MapRun& run, const std::string& transformation,
                        const json::Value::Array& outputs);
// The elements of those that are arrays, and the others.
json::Value::Array flattened(const json::Value::Array& outputs);

}  // namespace pawl::execution
