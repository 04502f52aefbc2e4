#include "daemon/own_server.h"

#include <cstdlib>

#include "base/text.h"
#include "daemon/access_keys.h"
#include "daemon/config.h"

namespace pawl::daemon {
namespace {

bool is_anything_told() {
  return std::getenv("PAWL_CONFIG") != nullptr || std::getenv("PAWL_LISTEN") != nullptr;
}

// Who listens on all addresses is called at the one of this machine.
std::string url_of(Config config) {
  if (config.host == "0.0.0.0") config.host = "127.0.0.1";
  if (config.host == "::") config.host = "::1";
  return concat("http://", config.listen());
}

}  // namespace

cli::OwnServer own_server() {
  cli::OwnServer own{.credentials = aws::credentials_of_environment()};
  if (!is_anything_told()) return own;
  const auto config = load_config({});
  if (!config) return own;
  // Any free port is one that only the server knows.
  if (config->port != 0) own.url = url_of(*config);
  if (own.credentials) return own;
  if (const auto keys = configured_keys(*config); keys && !keys->empty())
    own.credentials = keys->front().credentials;
  return own;
}

}  // namespace pawl::daemon
