#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace pawl::http {

struct Header {
  std::string name, value;
};

struct Request {
  // Path and query as they were sent, still percent-encoded: a signature covers them so.
  std::string method, path, query;
  std::vector<Header> headers;
  std::string body;
  // While any copy of it lives, a large body counts among those that the server may hold.
  std::shared_ptr<const void> place = {};
  // Names are compared without case; empty where absent.
  std::string_view header(std::string_view name) const;
};

struct Response {
  int status = 200;
  std::vector<Header> headers = {};
  std::string body = {};
  std::string_view header(std::string_view name) const;  // likewise
};

// "a%20b" as "a b"; what is no escape stays as it is.
std::string decode_percent(std::string_view text);
// "a b" as "a%20b": all but the unreserved characters of RFC 3986 and those that are named.
std::string encode_percent(std::string_view text, std::string_view also_kept = {});

// "a=1&b" as its pairs, decoded; a name alone has no value.
struct QueryPair {
  std::string name, value;
};
std::vector<QueryPair> query_pairs(std::string_view query);

// Answers one request, from any thread, once. Dropping it unanswered answers 500.
class Responder {
 public:
  struct Exchange;
  explicit Responder(std::shared_ptr<Exchange> exchange);
  void operator()(Response response) const;
  // False once the client has gone away while it waits for an answer that is late.
  bool is_client_there() const;

 private:
  std::shared_ptr<Exchange> exchange_;
};

struct ServerOptions {
  std::string host = "127.0.0.1";
  uint16_t port = 0;  // 0: any free one
  size_t body_bytes_max = 70 << 20;
  size_t bodies_bytes_max = 512 << 20;   // of all requests that are received or wait to be read
  size_t answers_bytes_max = 512 << 20;  // of all large answers that are being sent
  size_t header_bytes_max = 32 << 10;    // with the first line
  // Where more come, who has been idle longest is hung up on.
  size_t connections_max = 1000;
  Duration idle_limit = seconds(30);      // of a client that hangs; in whole seconds
  Duration request_limit = seconds(120);  // from the first line of a request to its end
  Duration stop_limit = seconds(10);      // how long the end waits for answers; then they are 503
};

// An HTTP/1.1 server. The handler is called on a thread of the server and must not block for long;
// it may keep the responder and answer later.
class Server {
 public:
  using Handler = std::function<void(Request, Responder)>;
  static Result<std::unique_ptr<Server>> start(ServerOptions options, Handler handler);
  virtual ~Server() = default;  // takes no more requests, waits for those in flight

  virtual uint16_t port() const = 0;
};

}  // namespace pawl::http
