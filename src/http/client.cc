#include "http/client.h"

#include "base/text.h"
#include "http/curl.h"

namespace pawl::http {
namespace {

constexpr size_t response_bytes_max = 256 << 20;

bool has_line_break(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

size_t on_body(char* bytes, size_t, size_t count, void* out) {
  std::string& body = *static_cast<std::string*>(out);
  if (body.size() + count > response_bytes_max) return 0;  // ends the transfer with an error
  body.append(bytes, count);
  return count;
}

size_t on_header(char* bytes, size_t, size_t count, void* out) {
  auto& headers = *static_cast<std::vector<Header>*>(out);
  const std::string_view line = trim({bytes, count});
  const size_t colon = line.find(':');
  if (line.starts_with("HTTP/"))
    headers.clear();  // those before belonged to an interim answer
  else if (colon != std::string_view::npos)
    headers.push_back(
        {std::string(line.substr(0, colon)), std::string(trim(line.substr(colon + 1)))});
  return count;
}

int on_progress(void* cancellation, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const world::Cancellation*>(cancellation)->is_requested() ? 1 : 0;
}

Result<void> add_headers(const ClientRequest& request, CurlList& lines) {
  bool has_type = false;
  for (const Header& header : request.headers) {
    if (has_line_break(header.name) || has_line_break(header.value))
      return Error(ErrorCode::invalid_argument,
                   concat("header ", header.name.substr(0, 40), " has a line break in it"));
    // curl's form for a header without a value; "Name:" would leave it out.
    lines.add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    has_type |= lower(header.name) == "content-type";
  }
  // Without these, curl would call every body a form, and wait a second for a go-ahead.
  if (!has_type) lines.add("Content-Type:");
  lines.add("Expect:");
  return {};
}

void set_method(Transfer& transfer, const ClientRequest& request) {
  if (request.method == "HEAD") return transfer.set(CURLOPT_NOBODY, 1L);
  if (request.method != "GET" || !request.body.empty()) {
    transfer.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    transfer.set(CURLOPT_POSTFIELDS, request.body.data());
  }
  transfer.set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

}  // namespace

Result<Response> send(const ClientRequest& request) {
  thread_local Transfer transfer;
  if (request.method.empty() || has_line_break(request.method))
    return Error(ErrorCode::invalid_argument, "the request's method is not one");
  CurlList headers;
  TRY(add_headers(request, headers));
  Response response;
  transfer.prepare(request.url, "http,https", request.limit);
  transfer.set(CURLOPT_PATH_AS_IS, 1L);
  set_method(transfer, request);
  transfer.set(CURLOPT_HTTPHEADER, headers.head);
  transfer.set(CURLOPT_WRITEFUNCTION, &on_body);
  transfer.set(CURLOPT_WRITEDATA, &response.body);
  transfer.set(CURLOPT_HEADERFUNCTION, &on_header);
  transfer.set(CURLOPT_HEADERDATA, &response.headers);
  if (request.cancellation != nullptr) {
    transfer.set(CURLOPT_NOPROGRESS, 0L);
    transfer.set(CURLOPT_XFERINFOFUNCTION, &on_progress);
    transfer.set(CURLOPT_XFERINFODATA, const_cast<world::Cancellation*>(request.cancellation));
  }
  const CURLcode code = transfer.perform();
  if (code == CURLE_WRITE_ERROR)
    return Error(ErrorCode::failed,
                 concat("the answer is larger than ", format_bytes(response_bytes_max)));
  if (code != CURLE_OK) return transfer.error(code, request.url);
  response.status = static_cast<int>(transfer.response_code());
  return response;
}

}  // namespace pawl::http
