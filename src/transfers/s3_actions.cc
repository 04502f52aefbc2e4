#include "transfers/s3_actions.h"

#include "base/text.h"
#include "json/write.h"
#include "transfers/causes.h"

namespace pawl::transfers {
namespace {

using json::Value;
using objects::Bucket;
using objects::Buckets;

constexpr std::string_view sdk = ":states:::aws-sdk:s3:";
constexpr uint64_t body_bytes_max = 256 << 20;

std::string action_of(std::string_view resource) {
  const size_t at = resource.find(sdk);
  return at == resource.npos ? std::string() : std::string(resource.substr(at + sdk.size()));
}

objects::Failure missing(std::string_view member) {
  return {"InvalidRequest", concat("The request needs the member ", member), 400};
}

objects::Outcome<std::string> text_of(const Value& parameters, std::string_view member) {
  auto text = parameters.string_at(member);
  if (!text) return missing(member);
  return *std::move(text);
}

struct Place {
  std::unique_ptr<Bucket> bucket;
  std::string key;
};
objects::Outcome<std::unique_ptr<Bucket>> bucket_of(const Buckets& buckets, const Value& parameters,
                                                    std::string_view member = "Bucket") {
  return buckets.find(TRY(text_of(parameters, member)));
}
objects::Outcome<Place> place_of(const Buckets& buckets, const Value& parameters) {
  const std::string key = TRY(text_of(parameters, "Key"));
  return Place{TRY(bucket_of(buckets, parameters)), key};
}

objects::Outcome<Value> get_object(const Buckets& buckets, const Value& parameters) {
  const Place place = TRY(place_of(buckets, parameters));
  objects::Answer answer = TRY(place.bucket->get(place.key, body_bytes_max));
  const auto size = answer.bytes.size();
  return Value(std::move(answer.members)).with("Body", answer.bytes).with("ContentLength", size);
}

objects::Outcome<Value> head_object(const Buckets& buckets, const Value& parameters) {
  const Place place = TRY(place_of(buckets, parameters));
  return Value(TRY(place.bucket->head(place.key)).members);
}

// What is not a text is left as JSON; the service does that with texts, too.
objects::Outcome<Value> put_object(const Buckets& buckets, const Value& parameters) {
  const Place place = TRY(place_of(buckets, parameters));
  const Value* body = parameters.find("Body");
  const std::string bytes = body == nullptr ? std::string() : json::write(*body);
  const std::string type =
      parameters.string_at("ContentType").value_or("text/plain; charset=UTF-8");
  return Value(TRY(place.bucket->put(place.key, bytes, type)).members);
}

objects::Outcome<Value> delete_object(const Buckets& buckets, const Value& parameters) {
  const Place place = TRY(place_of(buckets, parameters));
  return Value(TRY(place.bucket->remove(place.key)).members);
}

// CopySource is "bucket/key", or that behind a slash.
objects::Outcome<Value> copy_object(const Buckets& buckets, const Value& parameters) {
  const auto given = text_of(parameters, "CopySource");
  if (!given) return given.error();
  std::string_view source = *given;
  if (source.starts_with('/')) source.remove_prefix(1);
  const size_t slash = source.find('/');
  if (slash == source.npos) return missing("CopySource");
  const auto from = TRY(buckets.find(std::string(source.substr(0, slash))));
  const std::string key(source.substr(slash + 1));
  const objects::Answer read = TRY(from->get(key, body_bytes_max));
  const Place place = TRY(place_of(buckets, parameters));
  const Value known = read.members;
  const Value put =
      TRY(place.bucket->put(place.key, read.bytes, known.string_at("ContentType").value_or("")))
          .members;
  return Value::object({{"CopyObjectResult", Value::object({{"ETag", put["ETag"]}})}});
}

Value contents(const objects::Listing& listing) {
  Value::Array shown;
  for (const objects::Object& object : listing.objects)
    shown.push_back(Value::object({{"ETag", object.etag},
                                   {"Key", object.key},
                                   {"LastModified", format_instant(object.modified)},
                                   {"Size", object.bytes},
                                   {"StorageClass", object.storage_class}}));
  return shown;
}

Value common_prefixes(const objects::Listing& listing) {
  Value::Array shown;
  for (const std::string& prefix : listing.prefixes)
    shown.push_back(Value::object({{"Prefix", prefix}}));
  return shown;
}

std::string last_of(const objects::Listing& listing) {
  std::string last = listing.objects.empty() ? "" : listing.objects.back().key;
  if (!listing.prefixes.empty()) last = std::max(last, listing.prefixes.back());
  return last;
}

// `place` names the member that says where the list begins, and the one that says where it goes on.
struct ListForm {
  std::string_view after, next;
  bool has_count;
};
objects::Outcome<Value> list(const Buckets& buckets, const Value& parameters,
                             const ListForm& form) {
  constexpr int64_t keys_max = 1000;
  const auto bucket = TRY(bucket_of(buckets, parameters));
  const int64_t most =
      std::clamp<int64_t>(parameters.integer_at("MaxKeys").value_or(keys_max), 0, keys_max);
  objects::ListRequest request{.prefix = parameters.string_at("Prefix").value_or(""),
                               .delimiter = parameters.string_at("Delimiter").value_or(""),
                               .after = parameters.string_at(form.after).value_or(""),
                               .most = static_cast<size_t>(most)};
  if (const auto token = parameters.string_at("ContinuationToken")) request.after = *token;
  const objects::Listing listing = TRY(bucket->list(request));
  Value::Object members;
  if (!listing.prefixes.empty()) members.push_back({"CommonPrefixes", common_prefixes(listing)});
  if (!listing.objects.empty()) members.push_back({"Contents", contents(listing)});
  if (!request.delimiter.empty()) members.push_back({"Delimiter", request.delimiter});
  members.push_back({"IsTruncated", listing.is_truncated});
  if (form.has_count)
    members.push_back({"KeyCount", listing.objects.size() + listing.prefixes.size()});
  members.push_back({"MaxKeys", most});
  members.push_back({"Name", parameters["Bucket"]});
  if (listing.is_truncated) members.push_back({std::string(form.next), last_of(listing)});
  members.push_back({"Prefix", request.prefix});
  return Value(std::move(members));
}

objects::Outcome<Value> list_objects(const Buckets& buckets, const Value& parameters) {
  return list(buckets, parameters, {"Marker", "NextMarker", false});
}

objects::Outcome<Value> list_objects_v2(const Buckets& buckets, const Value& parameters) {
  return list(buckets, parameters, {"StartAfter", "NextContinuationToken", true});
}

objects::Outcome<Value> list_buckets(const Buckets& buckets, const Value&) {
  Value::Array shown;
  for (const auto& [name, created] : TRY(buckets.list()))
    shown.push_back(Value::object({{"CreationDate", format_instant(created)}, {"Name", name}}));
  return Value::object({{"Buckets", std::move(shown)}});
}

objects::Outcome<Value> create_bucket(const Buckets& buckets, const Value& parameters) {
  return Value(TRY(buckets.create(TRY(text_of(parameters, "Bucket")))).members);
}

objects::Outcome<Value> head_bucket(const Buckets& buckets, const Value& parameters) {
  TRY(TRY(bucket_of(buckets, parameters))->list({.most = 1}));
  return Value::object();
}

struct Row {
  std::string_view name;
  objects::Outcome<Value> (*action)(const Buckets&, const Value&);
};
constexpr Row rows[] = {
    {"copyObject", copy_object},        {"createBucket", create_bucket},
    {"deleteObject", delete_object},    {"getObject", get_object},
    {"headBucket", head_bucket},        {"headObject", head_object},
    {"listBuckets", list_buckets},      {"listObjects", list_objects},
    {"listObjectsV2", list_objects_v2}, {"putObject", put_object},
};

}  // namespace

bool is_s3_action(std::string_view resource) { return !action_of(resource).empty(); }

asl::Outcome<Value> call_s3(const Buckets& buckets, const S3Call& call) {
  const std::string name = action_of(call.resource);
  for (const Row& row : rows) {
    if (row.name != name) continue;
    auto answer = row.action(buckets, call.parameters);
    if (!answer) return sdk_failure(answer.error(), call.request_id);
    return *std::move(answer);
  }
  return asl::Failure{"Pawl.UnsupportedAction",
                      concat("The action '", name, "' of S3 is not supported yet")};
}

}  // namespace pawl::transfers
