#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pawl::store {

// Small texts under a name of their own, for rooms that keep what they are told: each kind belongs
// to one room.
struct Document {
  std::string kind, key, text;
};
struct PutDocument {
  Document document;
};
struct DeleteDocument {
  std::string kind, key;
};

// What has happened to a job, in the order in which it was committed.
struct JobChanges {
  int64_t position = 0;  // ascending; given when it is appended
  int64_t job = 0;
  std::string text;
};
struct AppendJobChanges {
  int64_t job = 0;
  std::string text;
};
struct ForgetJob {
  int64_t job = 0;
};

}  // namespace pawl::store
