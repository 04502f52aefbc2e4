#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "execution/record/values.h"

namespace pawl::execution {

// A record: all events one command caused, in order, and the moment they share.
//
//   record = VERSION TIME event* CRC32C      time: zigzag microseconds since the execution started
//   event  = TYPE FRAME [NUMBER] [SECOND] [value] [error cause]   as fields(TYPE) says
//
// Both sides are handed the live state as it is before each event, and must apply the event before
// they go on to the next.

struct Record {
  std::string bytes;
  // The texts of its large values, in order: the same for equal values, so worth keeping once.
  std::vector<ByteRange> large = {};
};

class RecordWriter {
 public:
  RecordWriter(const Live& live, Instant now);

  void add(const Event& event);
  bool is_empty() const { return is_empty_; }
  size_t size() const { return out_.size(); }  // in bytes, so far
  Record finish() &&;

 private:
  const Live& live_;
  ByteWriter out_;
  KnownValues known_;
  bool is_empty_ = true;
};

class RecordReader {
 public:
  // Error: corrupt.
  static Result<RecordReader> open(const Live& live, std::string_view record);

  Instant now() const { return now_; }
  // The next event, or nothing at the end. Error: corrupt.
  Result<std::optional<Event>> next();

 private:
  RecordReader(const Live& live, std::string_view body);

  const Live* live_;
  ByteReader in_;
  KnownValues known_;
  Instant now_;
};

}  // namespace pawl::execution
