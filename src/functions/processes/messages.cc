#include "functions/processes/messages.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace pawl::functions::processes {
namespace {

constexpr size_t head_bytes_max = 64 << 10;

std::string_view words_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 202:
      return "Accepted";
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 413:
      return "Payload Too Large";
    default:
      return "Status";
  }
}

// HTTP/1.0 ends a connection with its answer; we keep none for those who would ask to.
bool ends_connection(std::string_view version, std::string_view options) {
  if (version == "HTTP/1.0") return true;
  const auto words = split(options, ',');
  return std::any_of(words.begin(), words.end(),
                     [](std::string_view word) { return lower(trim(word)) == "close"; });
}

}  // namespace

std::optional<http::Request> Messages::next() {
  if (is_broken_ || (!has_head_ && !read_head())) return std::nullopt;
  if (is_chunked_ ? !read_chunks() : !read_body()) return std::nullopt;
  has_head_ = false;
  return std::exchange(request_, {});
}

// The first line, and lines of headers up to an empty one.
bool Messages::read_head() {
  const size_t end = bytes_.find("\r\n\r\n");
  if (end == bytes_.npos) return is_broken_ = bytes_.size() > head_bytes_max, false;
  const std::string_view head = std::string_view(bytes_).substr(0, end);
  const auto lines = split(head, '\n');
  const auto words = split(trim(lines[0]), ' ');
  if (words.size() != 3 || !words[2].starts_with("HTTP/1.")) return is_broken_ = true, false;
  request_ = {};
  request_.method = words[0];
  request_.path = words[1];
  for (size_t number = 1; number < lines.size(); ++number) {
    const size_t colon = lines[number].find(':');
    if (colon == lines[number].npos) return is_broken_ = true, false;
    request_.headers.push_back({std::string(lines[number].substr(0, colon)),
                                std::string(trim(lines[number].substr(colon + 1)))});
  }
  is_last_ = ends_connection(words[2], request_.header("Connection"));
  bytes_.erase(0, end + 4);
  has_head_ = true;
  is_too_large_ = false;
  is_chunked_ = lower(request_.header("Transfer-Encoding")) == "chunked";
  const std::string_view length = request_.header("Content-Length");
  const auto declared = length.empty() ? 0 : parse_integer(length).value_or(-1);
  is_broken_ = declared < 0;
  left_ = is_chunked_ ? 0 : static_cast<size_t>(std::max<int64_t>(declared, 0));
  wants_continue_ = lower(request_.header("Expect")) == "100-continue";
  return !is_broken_;
}

// What is too much is read and dropped, so that the client comes to read its answer.
void Messages::keep(size_t count) {
  if (!is_too_large_) request_.body.append(bytes_, 0, count);
  bytes_.erase(0, count);
  left_ -= count;
  if (request_.body.size() <= body_bytes_max_) return;
  is_too_large_ = true;
  request_.body = std::string();
}

bool Messages::read_body() {
  keep(std::min(left_, bytes_.size()));
  return left_ == 0;
}

// "<length in hexadecimal>[;…]\r\n<bytes>\r\n", up to one of length 0 and the trailers behind it.
bool Messages::read_chunks() {
  for (;;) {
    if (left_ > 0) keep(std::min(left_, bytes_.size()));
    if (left_ > 0) return false;
    size_t begin = bytes_.starts_with("\r\n") ? 2 : 0;
    const size_t end = bytes_.find("\r\n", begin);
    if (end == bytes_.npos) return is_broken_ = bytes_.size() > head_bytes_max, false;
    size_t length = 0;
    const auto [stop, failure] =
        std::from_chars(bytes_.data() + begin, bytes_.data() + end, length, 16);
    if (failure != std::errc() || length > (1u << 30)) return is_broken_ = true, false;
    if (length == 0) {
      const bool is_bare = bytes_.compare(end, 4, "\r\n\r\n") == 0;
      const size_t last = is_bare ? end : bytes_.find("\r\n\r\n", end);
      if (last == bytes_.npos) return false;
      bytes_.erase(0, last + 4);
      return true;
    }
    bytes_.erase(0, end + 2);
    left_ = length;
  }
}

std::string text_of(int status, const std::vector<http::Header>& headers, std::string_view body) {
  std::string text = concat("HTTP/1.1 ", status, " ", words_of(status), "\r\n");
  for (const http::Header& header : headers)
    text += concat(header.name, ": ", header.value, "\r\n");
  text += concat("Content-Length: ", body.size(), "\r\n\r\n");
  text += body;
  return text;
}

}  // namespace pawl::functions::processes
