#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pawl::arrays {

// Where the files of a run are; the server and the workers know it from here alone.
//
//   <volume>/<run>/run.json                what the run is, written last: it is there, or nothing
//   is <volume>/<run>/ids.csv                 all ids, one on a line
//   <volume>/<run>/<node>/prep/data.csv    the ids of the node, one on a line
//   <volume>/<run>/<node>/data.sha256      names and checksums of what procure has written, and
//   <volume>/<run>/<node>/data.jsonl       all series of the node, or
//   <volume>/<run>/<node>/data/<id>.json   each by itself
//   <volume>/<run>/<node>/results…         the same, of process
//   <bucket>/<run>/<node>/results…         the same, of egress, with manifest.sha256
//   <bucket>/<run>/run.json, ids.csv       once everything has been checked
//
// A .sha256 is what sha256sum(1) writes and checks, and is written after what it names.
inline constexpr std::string_view ids_file = "prep/data.csv";
inline constexpr std::string_view data_manifest = "data.sha256",
                                  results_manifest = "results.sha256",
                                  bucket_manifest = "manifest.sha256";

enum class Layout { bundle, files };  // a file for a node, or for an id
std::string_view name(Layout layout);

// "data.jsonl" for "data".
std::string bundle_name(std::string_view what);
// "data/customer=2F7.json" for "data" and "customer/7".
std::string file_name(std::string_view what, std::string_view id);

// The id as one piece of a path, and of a key of a bucket, that is no other id's: letters, digits,
// '-', '_' and dots but a leading one stay, other bytes become =XX. A long one ends in "==" and
// its SHA-256.
std::string escape(std::string_view id);

std::string node_directory(std::string_view run_directory, int64_t node);

}  // namespace pawl::arrays
