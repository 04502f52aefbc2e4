#include "aws/signature.h"

#include <algorithm>

#include "base/hash.h"
#include "base/text.h"

namespace pawl::aws {
namespace {

constexpr std::string_view s3 = "s3";

// Without ".", ".." and empty pieces, and encoded once more than it was sent. The path to an object
// is taken as it is: its key may have such pieces.
std::string canonical_path(std::string_view path, std::string_view service) {
  if (service == s3) return std::string(path.empty() ? "/" : path);
  std::vector<std::string> pieces;
  for (const std::string_view piece : split(path, '/')) {
    if (piece.empty() || piece == ".") continue;
    if (piece != "..") {
      pieces.emplace_back(piece);
    } else if (!pieces.empty()) {
      pieces.pop_back();
    }
  }
  if (pieces.empty()) return "/";
  return http::encode_percent(concat("/", join(pieces, "/"), path.ends_with('/') ? "/" : ""), "/");
}

std::string canonical_query(std::string_view query) {
  std::vector<std::string> members;
  for (const auto& [name, value] : http::query_pairs(query))
    members.push_back(concat(http::encode_percent(name), "=", http::encode_percent(value)));
  std::sort(members.begin(), members.end());
  return join(members, "&");
}

// Spaces around the value are gone, and those within it are single.
std::string canonical_value(std::string_view value) {
  std::string out;
  for (const char character : trim(value)) {
    const bool is_space = character == ' ' || character == '\t';
    if (!is_space) out += character;
    if (is_space && out.back() != ' ') out += ' ';
  }
  return out;
}

// A header that was sent twice has both values.
std::string canonical_header(const http::Request& request, const std::string& name) {
  std::vector<std::string> values;
  for (const http::Header& header : request.headers)
    if (lower(header.name) == name) values.push_back(canonical_value(header.value));
  return concat(name, ":", join(values, ","), "\n");
}

// The request as the server will get it.
http::Request received(const http::ClientRequest& request) {
  const std::string& url = request.url;
  const size_t scheme = url.find("://");
  const size_t begin = scheme == url.npos ? 0 : scheme + 3;
  const size_t end = std::min(url.find_first_of("/?#", begin), url.size());
  std::string host = url.substr(begin, end - begin);
  host.erase(0, host.rfind('@') + 1);
  const std::string_view usual_port = url.starts_with("https:") ? ":443" : ":80";
  if (host.ends_with(usual_port)) host.resize(host.size() - usual_port.size());

  const std::string_view rest =
      std::string_view(url).substr(end, std::min(url.find('#', end), url.size()) - end);
  const size_t question = std::min(rest.find('?'), rest.size());
  http::Request out;
  out.method = request.method;
  out.path = rest.substr(0, question);
  if (question < rest.size()) out.query = rest.substr(question + 1);
  out.headers = request.headers;
  out.headers.push_back({"Host", host});
  return out;
}

}  // namespace

std::string Scope::text() const { return concat(date, "/", region, "/", service, "/aws4_request"); }

std::string signing_time(Instant instant) {
  std::string text = format_instant(instant);  // 2026-11-21T02:18:04.123Z
  text.resize(std::string_view("2026-11-21T02:18:04").size());
  return replace_all(replace_all(text, "-", ""), ":", "") + "Z";
}

std::string canonical_request(const http::Request& request, const Signed& what) {
  std::string headers;
  for (const std::string& name : what.headers) headers += canonical_header(request, name);
  return concat(request.method, "\n", canonical_path(request.path, what.service), "\n",
                canonical_query(request.query), "\n", headers, "\n", join(what.headers, ";"), "\n",
                what.body_hash);
}

std::string signature(std::string_view secret_access_key, const Statement& statement) {
  std::string key = concat("AWS4", secret_access_key);
  const Scope& scope = statement.scope;
  for (const std::string_view piece :
       {std::string_view(scope.date), std::string_view(scope.region),
        std::string_view(scope.service), std::string_view("aws4_request")})
    key = hmac_sha256(key, piece);
  return hex(hmac_sha256(key, concat(signature_algorithm, "\n", statement.time, "\n", scope.text(),
                                     "\n", sha256(statement.canonical_request))));
}

void sign(http::ClientRequest& request, const Credentials& credentials, Scope scope, Instant now) {
  const std::string time = signing_time(now), body_hash = sha256(request.body);
  scope.date = time.substr(0, 8);
  request.headers.push_back({"X-Amz-Date", time});
  if (scope.service == s3) request.headers.push_back({"X-Amz-Content-Sha256", body_hash});
  if (!credentials.session_token.empty())
    request.headers.push_back({"X-Amz-Security-Token", credentials.session_token});
  const http::Request as_received = received(request);
  std::vector<std::string> names;
  for (const http::Header& header : as_received.headers) names.push_back(lower(header.name));
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::string canonical = canonical_request(as_received, {scope.service, names, body_hash});
  request.headers.push_back(
      {"Authorization",
       concat(signature_algorithm, " Credential=", credentials.access_key_id, "/", scope.text(),
              ", SignedHeaders=", join(names, ";"),
              ", Signature=", signature(credentials.secret_access_key, {time, scope, canonical}))});
}

}  // namespace pawl::aws
