#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/server.h"
#include "world/cancellation.h"

namespace pawl::http {

struct ClientRequest {
  std::string method = "GET", url = {};
  std::vector<Header> headers = {};
  std::string body = {};
  Duration limit = seconds(60);
  // Asked about once a second while nothing comes; the error is then `cancelled`.
  const world::Cancellation* cancellation = nullptr;
};

// One request through libcurl; each thread keeps its connections for the next one. Redirects are
// not followed, and the path is sent as it is. A status is a value, whatever it is; the error is
// unavailable (no connection, or a lost one), timed_out, invalid_argument (the URL, a header with a
// line feed in it), or failed.
Result<Response> send(const ClientRequest& request);

struct Mail {
  std::string server = {};  // "smtp://host:25" or "smtps://host:465"
  std::string username = {}, password = {};
  std::string from = {};
  std::vector<std::string> to = {};
  std::string subject = {}, body = {};
  // Nothing is sent, the password least of all, to a server that does not encrypt with a valid
  // certificate.
  bool requires_tls = false;
  Duration limit = seconds(60);
};

// Sends one mail (UTF-8, text/plain), encrypted where the server offers it. A password demands a
// server with a valid certificate wherever the connection is encrypted. Error as above;
// permission_denied where the server refuses for good, invalid_argument for an address that is
// none.
Result<void> send(const Mail& mail);

}  // namespace pawl::http
