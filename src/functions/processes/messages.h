#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/server.h"

namespace pawl::functions::processes {

// The requests of one connection of a process, out of the bytes that have come (HTTP/1.1: a body
// has a length, or comes in chunks). A function talks to us alone and on its own machine, so that
// this is all there is to know.
class Messages {
 public:
  explicit Messages(size_t body_bytes_max) : body_bytes_max_(body_bytes_max) {}

  void add(std::string_view bytes) { bytes_ += bytes; }
  // The next whole request, where it has come.
  std::optional<http::Request> next();

  // What has come is no request.
  bool is_broken() const { return is_broken_; }
  // Whether the client wants to be told to go on. Once.
  bool wants_continue() { return std::exchange(wants_continue_, false); }
  // The body of the request that came last was too large, and is empty now.
  bool is_too_large() const { return is_too_large_; }
  // Nothing comes behind the request that came last: its client reads the answer up to our end.
  bool is_last() const { return is_last_; }

 private:
  bool read_head();
  bool read_body();
  bool read_chunks();
  void keep(size_t count);

  const size_t body_bytes_max_;
  std::string bytes_;
  http::Request request_;
  bool has_head_ = false, is_chunked_ = false, is_broken_ = false, wants_continue_ = false;
  bool is_too_large_ = false, is_last_ = false;
  size_t left_ = 0;  // bytes of the body, or of its chunk
};

// An answer as bytes.
std::string text_of(int status, const std::vector<http::Header>& headers, std::string_view body);

}  // namespace pawl::functions::processes
