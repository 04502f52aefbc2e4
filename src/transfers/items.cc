#include "transfers/items.h"

#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"
#include "json/write.h"
#include "transfers/causes.h"
#include "transfers/parse_items.h"
#include "transfers/window.h"

namespace pawl::transfers {
namespace {

using json::Value;

constexpr uint64_t object_bytes_max = 256 << 20;
constexpr int64_t bytes_max_of_no_one = 64 << 20;

asl::Failure failed(const objects::Failure& failure) {
  return reader_failure(sdk_cause(failure, ""));
}

asl::Outcome<std::unique_ptr<objects::Bucket>> bucket_of(const objects::Buckets& buckets,
                                                         const Value& parameters) {
  const auto name = parameters.string_at("Bucket");
  if (!name) return reader_failure("The ItemReader needs the name of a Bucket.");
  auto bucket = buckets.find(*name);
  if (!bucket) return failed(bucket.error());
  return *std::move(bucket);
}

asl::Outcome<std::string> text_of(objects::Bucket& bucket, const std::string& key) {
  auto answer = bucket.get(key, object_bytes_max);
  if (!answer) return failed(answer.error());
  return unpacked(std::move(answer->bytes), object_bytes_max);
}

// "Bucket, Key, Size" as the names of columns.
std::vector<std::string> columns(const std::string& schema) {
  std::vector<std::string> names;
  for (const std::string_view name : split(schema, ',')) names.emplace_back(trim(name));
  return names;
}

// The text of a data file that is as the manifest knows it.
asl::Outcome<std::string> whole_file(objects::Bucket& bucket, const Value& entry) {
  auto answer = bucket.get(entry.string_at("key").value_or(""), object_bytes_max);
  if (!answer) return failed(answer.error());
  const Value* size = entry.find("size");
  if (size != nullptr && *size != Value(answer->bytes.size()))
    return reader_failure(concat("It has ", answer->bytes.size(), " bytes, and ",
                                 json::write(*size), " in the manifest."));
  const std::string found = digest("MD5", answer->bytes);
  const Value* checksum = entry.find("MD5checksum");
  if (checksum != nullptr && lower(entry.string_at("MD5checksum").value_or("")) != found)
    return reader_failure(concat("Its MD5 checksum is ", found, ", and ", json::write(*checksum),
                                 " in the manifest."));
  return unpacked(std::move(answer->bytes), object_bytes_max);
}

asl::Failure unreadable_file(const std::string& key, std::string_view why) {
  return reader_failure(concat("The file '", key, "' of the inventory cannot be read: ", why));
}

asl::Outcome<bool> add_data_file(objects::Bucket& bucket, const Value& entry,
                                 const std::vector<std::string>& schema, Items& items) {
  const auto text = whole_file(bucket, entry);
  const auto added = text ? add_inventory(*text, schema, items) : text.error();
  if (added) return true;
  return unreadable_file(entry.string_at("key").value_or(""), added.error().cause);
}

// The inventory of S3: a manifest, and the files with the rows that it names.
// `parameters` say where the manifest lies.
asl::Outcome<bool> add_manifest(const objects::Buckets& buckets, const Value& parameters,
                                std::string_view text, Items& items) {
  const auto manifest = json::parse(text);
  if (!manifest || !manifest->is_object() || !(*manifest)["files"].is_array())
    return reader_failure("The object is no manifest of an inventory.");
  const std::string format = manifest->string_at("fileFormat").value_or("");
  if (format != "CSV")
    return reader_failure(concat("Inventories in the format '", format, "' are not supported."));
  constexpr std::string_view arn = "arn:aws:s3:::";
  std::string name = manifest->string_at("destinationBucket").value_or("");
  if (name.starts_with(arn)) name = name.substr(arn.size());
  const auto bucket = TRY(bucket_of(buckets, Value::object({{"Bucket", name}})));
  const std::string schema = manifest->string_at("fileSchema").value_or("");
  if (trim(schema).empty())
    return reader_failure("The manifest of the inventory has no fileSchema.");
  const bool is_same_bucket = parameters["Bucket"] == Value(name);
  for (const Value& file : (*manifest)["files"].elements()) {
    if (items.is_full()) break;
    if (is_same_bucket && parameters["Key"] == file["key"])
      return unreadable_file(file.string_at("key").value_or(""), "It is the manifest itself.");
    TRY(add_data_file(*bucket, file, columns(schema), items));
  }
  return true;
}

Value item_of(const objects::Object& object) {
  const auto modified = std::chrono::floor<seconds>(object.modified.time_since_epoch());
  return Value::object({{"Etag", object.etag},
                        {"Key", object.key},
                        {"LastModified", static_cast<int64_t>(modified.count())},
                        {"Size", object.bytes},
                        {"StorageClass", object.storage_class}});
}

asl::Outcome<bool> add_listing(objects::Bucket& bucket, const Value& parameters, Items& items) {
  objects::ListRequest request{.prefix = parameters.string_at("Prefix").value_or(""),
                               .after = parameters.string_at("StartAfter").value_or("")};
  for (;;) {
    const auto listing = bucket.list(request);
    if (!listing) return failed(listing.error());
    for (const objects::Object& object : listing->objects) {
      if (items.is_full()) return true;
      TRY(items.add(item_of(object)));
    }
    if (!listing->is_truncated || listing->objects.empty()) return true;
    request.after = listing->objects.back().key;
  }
}

asl::Outcome<bool> add_object(const objects::Buckets& buckets, const Value& request, Items& items) {
  const Value parameters = request["Parameters"];
  const auto bucket = TRY(bucket_of(buckets, parameters));
  if (request.string_at("Resource").value_or("").ends_with("s3:listObjectsV2"))
    return add_listing(*bucket, parameters, items);
  const auto key = parameters.string_at("Key");
  if (!key) return reader_failure("The ItemReader needs the Key of an object.");
  const std::string text = TRY(text_of(*bucket, *key));
  const std::string type = request.string_at("InputType").value_or("JSON");
  if (type == "CSV") return add_csv(text, csv_form(request), items);
  if (type == "JSONL") return add_json_lines(text, items);
  if (type == "JSON" || type.empty()) return add_json(text, items);
  const bool is_inventory = request.string_at("ManifestType").value_or("") != "ATHENA_DATA";
  if (type == "MANIFEST" && is_inventory) return add_manifest(buckets, parameters, text, items);
  return reader_failure(concat("The InputType '", type,
                               type == "MANIFEST" ? "' of the ManifestType 'ATHENA_DATA" : "",
                               "' is not supported yet."));
}

}  // namespace

asl::Outcome<Value> read_items(const objects::Buckets& buckets, const Value& request,
                               const world::Cancellation& cancellation) {
  if (request.string_at("Transformation").value_or("") == "LOAD_AND_FLATTEN")
    return reader_failure("The Transformation 'LOAD_AND_FLATTEN' is not supported yet.");
  if (has_windows(request)) {
    const auto bucket = TRY(bucket_of(buckets, request["Parameters"]));
    if (auto window = TRY(read_window(*bucket, request, cancellation))) return *std::move(window);
  }
  Items items(request.integer_at("MaxItems").value_or(0),
              request.integer_at("BytesMax").value_or(bytes_max_of_no_one));
  TRY(add_object(buckets, request, items));
  return items.take();
}

}  // namespace pawl::transfers
