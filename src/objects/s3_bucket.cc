#include "objects/s3_bucket.h"

#include <ctime>

#include "aws/signature.h"
#include "base/text.h"
#include "objects/xml.h"
#include "world/os_clock.h"

namespace pawl::objects {
namespace {

using http::Response;
using json::Value;

// "Sat, 21 Nov 2026 08:38:48 GMT".
std::optional<Instant> parse_http_date(const std::string& text) {
  std::tm parts{};
  const char* end = strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
  if (end == nullptr) return std::nullopt;
  return Instant(seconds(timegm(&parts)));
}

// A refusal without a body, as that of a HEAD.
Failure without_body(const Response& response, bool is_object) {
  if (response.status == 404) return is_object ? no_such_key() : no_such_bucket();
  return {response.status == 403 ? "AccessDenied" : "S3Exception",
          response.status == 403 ? "Access Denied" : concat("HTTP status ", response.status),
          response.status};
}

Failure refusal(const Response& response, bool is_object) {
  Failure failure = without_body(response, is_object);
  if (const auto error = parse_xml(response.body); error && error->name == "Error") {
    failure.code = error->text_of("Code");
    failure.message = error->text_of("Message");
    failure.status = response.status;
  }
  failure.request_id = response.header("x-amz-request-id");
  failure.host_id = response.header("x-amz-id-2");
  return failure;
}

struct Named {
  std::string_view header, member;
};
constexpr Named text_members[] = {
    {"accept-ranges", "AcceptRanges"},
    {"cache-control", "CacheControl"},
    {"content-encoding", "ContentEncoding"},
    {"content-type", "ContentType"},
    {"etag", "ETag"},
    {"x-amz-checksum-crc32", "ChecksumCRC32"},
    {"x-amz-checksum-type", "ChecksumType"},
    {"x-amz-server-side-encryption", "ServerSideEncryption"},
    {"x-amz-storage-class", "StorageClass"},
    {"x-amz-version-id", "VersionId"},
};

Object object_of(const Element& contents) {
  Object object;
  object.key = contents.text_of("Key");
  object.bytes = static_cast<uint64_t>(parse_integer(contents.text_of("Size")).value_or(0));
  object.modified = parse_instant(contents.text_of("LastModified")).value_or(Instant());
  object.etag = contents.text_of("ETag");
  if (const auto* of_class = contents.find("StorageClass")) object.storage_class = of_class->text;
  return object;
}

}  // namespace

Outcome<Response> ask(const S3Endpoint& endpoint, const S3Request& request) {
  http::ClientRequest sent{.method = request.method,
                           .url = endpoint.url + request.path,
                           .body = std::string(request.body),
                           .limit = endpoint.limit};
  if (!request.query.empty()) sent.url += "?" + request.query;
  if (!request.range.empty()) sent.headers.push_back({"Range", request.range});
  if (!request.content_type.empty()) sent.headers.push_back({"Content-Type", request.content_type});
  if (!endpoint.access_key.empty())
    aws::sign(sent, {endpoint.access_key, endpoint.secret_key, endpoint.session_token},
              {{}, endpoint.region, "s3"}, world::OsClock().now());
  auto response = http::send(sent);
  if (!response) return Failure{"SdkClientException", response.error().message(), 0};
  const bool is_object = request.path.find('/', 1) != std::string::npos;
  if (response->status >= 300) return refusal(*response, is_object);
  return *std::move(response);
}

Value::Object members_of(const Response& response) {
  Value::Object members, metadata;
  for (const auto& [header, member] : text_members)
    if (const auto text = response.header(header); !text.empty())
      members.push_back({std::string(member), text});
  if (const auto modified = parse_http_date(std::string(response.header("last-modified"))))
    members.push_back({"LastModified", format_instant(*modified)});
  constexpr std::string_view own = "x-amz-meta-";
  for (const auto& header : response.headers)
    if (lower(header.name).starts_with(own))
      metadata.push_back({lower(header.name).substr(own.size()), header.value});
  if (!metadata.empty()) members.push_back({"Metadata", std::move(metadata)});
  return members;
}

std::string S3Bucket::path_of(const std::string& key) const {
  return concat("/", http::encode_percent(name_), "/", http::encode_percent(key, "/"));
}

Outcome<Answer> S3Bucket::get(const std::string& key, uint64_t bytes_max) {
  Response response = TRY(ask(endpoint_, {.method = "GET", .path = path_of(key)}));
  if (response.body.size() > bytes_max)
    return Failure{"EntityTooLarge",
                   concat("The object has ", response.body.size(),
                          " bytes, more than the limit of ", bytes_max),
                   400};
  return Answer{members_of(response), std::move(response.body)};
}

Outcome<Piece> S3Bucket::get_piece(const std::string& key, Span span) {
  const std::string range =
      concat("bytes=", span.offset, "-", span.offset + std::max<uint64_t>(span.bytes_max, 1) - 1);
  auto answer = ask(endpoint_, {.method = "GET", .path = path_of(key), .range = range});
  // Nothing is there: the object is empty, or ends before it.
  const bool is_behind = !answer && answer.error().status == 416;
  if (is_behind) answer = ask(endpoint_, {.method = "HEAD", .path = path_of(key)});
  if (!answer) return answer.error();
  const auto size = parse_integer(answer->header("content-length")).value_or(0);
  Piece piece{std::move(answer->body), static_cast<uint64_t>(size),
              std::string(answer->header("etag"))};
  if (is_behind) return piece;
  const std::string_view part = answer->header("content-range");  // "bytes 0-99/1000"
  if (const auto bytes = parse_integer(part.substr(part.rfind('/') + 1)); bytes) {
    piece.object_bytes = static_cast<uint64_t>(*bytes);
  } else {
    // A store that knows no ranges has sent all of it.
    piece.object_bytes = piece.bytes.size();
    piece.bytes = piece.bytes.substr(std::min(span.offset, piece.bytes.size()), span.bytes_max);
  }
  return piece;
}

Outcome<Answer> S3Bucket::head(const std::string& key) {
  const Response response = TRY(ask(endpoint_, {.method = "HEAD", .path = path_of(key)}));
  Answer answer{members_of(response), {}};
  const auto bytes = parse_integer(response.header("content-length"));
  if (bytes) answer.members.push_back({"ContentLength", *bytes});
  return answer;
}

Outcome<Answer> S3Bucket::put(const std::string& key, std::string_view bytes,
                              const std::string& content_type) {
  const Response response = TRY(
      ask(endpoint_,
          {.method = "PUT", .path = path_of(key), .body = bytes, .content_type = content_type}));
  Value::Object members;
  for (auto& member : members_of(response))
    if (member.name != "ContentType") members.push_back(std::move(member));
  return Answer{std::move(members), {}};
}

Outcome<Answer> S3Bucket::remove(const std::string& key) {
  TRY(ask(endpoint_, {.method = "DELETE", .path = path_of(key)}));
  return Answer{};
}

// Parameters by name, as a signature wants them.
Outcome<Listing> S3Bucket::list(const ListRequest& request) {
  std::string query;
  if (!request.delimiter.empty())
    query += concat("delimiter=", http::encode_percent(request.delimiter), "&");
  query += concat("list-type=2&max-keys=", request.most);
  if (!request.prefix.empty()) query += concat("&prefix=", http::encode_percent(request.prefix));
  if (!request.after.empty()) query += concat("&start-after=", http::encode_percent(request.after));
  const Response response = TRY(
      ask(endpoint_, {.method = "GET", .path = "/" + http::encode_percent(name_), .query = query}));
  const auto root = parse_xml(response.body);
  if (!root || root->name != "ListBucketResult")
    return Failure{"InternalError", "the answer is no listing of a bucket", 500};
  Listing listing;
  listing.is_truncated = root->text_of("IsTruncated") == "true";
  for (const Element& each : root->children) {
    if (each.name == "Contents") listing.objects.push_back(object_of(each));
    if (each.name == "CommonPrefixes") listing.prefixes.push_back(each.text_of("Prefix"));
  }
  return listing;
}

}  // namespace pawl::objects
