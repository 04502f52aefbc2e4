#pragma once

#include <curl/curl.h>

#include <memory>
#include <string>

#include "base/result.h"
#include "base/time.h"

// What HTTP and SMTP through libcurl have in common. For this room's own sources only.
namespace pawl::http {

struct CurlList {
  CurlList() = default;
  CurlList(const CurlList&) = delete;
  ~CurlList() { curl_slist_free_all(head); }
  void add(const std::string& line) { head = curl_slist_append(head, line.c_str()); }
  curl_slist* head = nullptr;
};

// An easy handle with what every transfer needs: no signals, a limit, a text for its error.
class Transfer {
 public:
  Transfer();

  // Forgets all options and keeps the connections.
  void prepare(const std::string& url, const char* schemes, Duration limit);
  template <typename Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
    CHECK(code == CURLE_OK);
  }
  CURLcode perform() { return curl_easy_perform(easy_.get()); }
  long response_code() const;
  // The error for what perform() has given; the URL's host is named, its password never.
  Error error(CURLcode code, const std::string& url) const;

 private:
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy_;
  char text_[CURL_ERROR_SIZE] = {};
};

}  // namespace pawl::http
