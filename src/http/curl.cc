#include "http/curl.h"

#include <algorithm>

#include "base/text.h"

namespace pawl::http {
namespace {

CURL* new_handle() {
  // Once, before the first handle; initialisation by the first handle would not be thread-safe.
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_ALL);
  CHECK(initialised == CURLE_OK);
  CURL* easy = curl_easy_init();
  CHECK(easy != nullptr);
  return easy;
}

ErrorCode code_of(CURLcode code) {
  switch (code) {
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return ErrorCode::invalid_argument;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      return ErrorCode::unavailable;
    case CURLE_OPERATION_TIMEDOUT:
      return ErrorCode::timed_out;
    case CURLE_ABORTED_BY_CALLBACK:
      return ErrorCode::cancelled;
    case CURLE_LOGIN_DENIED:
    case CURLE_REMOTE_ACCESS_DENIED:
    case CURLE_PEER_FAILED_VERIFICATION:
      return ErrorCode::permission_denied;
    default:
      return ErrorCode::failed;
  }
}

// Scheme, host and port: the rest of a URL may hold secrets.
std::string place_of(const std::string& url) {
  const size_t scheme = url.find("://");
  const size_t begin = scheme == std::string::npos ? 0 : scheme + 3;
  const size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  const size_t at = url.rfind('@', end);
  const bool has_user = at != std::string::npos && at >= begin;
  return url.substr(0, begin) +
         url.substr(has_user ? at + 1 : begin, has_user ? end - at - 1 : end - begin);
}

}  // namespace

Transfer::Transfer() : easy_(new_handle(), &curl_easy_cleanup) {}

void Transfer::prepare(const std::string& url, const char* schemes, Duration limit) {
  curl_easy_reset(easy_.get());
  text_[0] = '\0';
  const auto limit_ms = std::chrono::ceil<milliseconds>(std::min<Duration>(limit, hours(24)));
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, schemes);
  set(CURLOPT_ERRORBUFFER, text_);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_TIMEOUT_MS, std::max<long>(limit_ms.count(), 1));  // 0 would be none
  set(CURLOPT_CONNECTTIMEOUT_MS, std::max<long>(limit_ms.count(), 1));
}

long Transfer::response_code() const {
  long code = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &code);
  return code;
}

Error Transfer::error(CURLcode code, const std::string& url) const {
  const std::string_view reason = text_[0] != '\0' ? text_ : curl_easy_strerror(code);
  return Error(code_of(code), concat(place_of(url), ": ", reason));
}

}  // namespace pawl::http
