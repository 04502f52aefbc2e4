#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "http/server.h"

namespace pawl::http {

struct ClientRequest {
  std::string method = "GET", url;
  std::vector<Header> headers;
  std::string body;
  Duration limit = seconds(60);
};

// One request through libcurl. A status is a value, whatever it is; the error is unavailable (no
// connection), timed_out, or failed.
Result<Response> send(const ClientRequest& request);

struct Mail {
  std::string server;  // "smtp://host:25" or "smtps://host:465"
  std::string username, password;
  std::string from;
  std::vector<std::string> to;
  std::string subject, body;
};

// Sends one mail (UTF-8, text/plain). Error as above; permission_denied where the server refuses.
Result<void> send(const Mail& mail);

}  // namespace pawl::http
