#include "transfers/items.h"

#include "base/text.h"
#include "json/parse.h"
#include "transfers/causes.h"
#include "transfers/parse_items.h"

namespace pawl::transfers {
namespace {

using json::Value;

constexpr uint64_t object_bytes_max = 256 << 20;
constexpr int64_t bytes_max_of_no_one = 64 << 20;

asl::Failure failed(const objects::Failure& failure) {
  return reader_failure(sdk_cause(failure, ""));
}

struct Place {
  std::unique_ptr<objects::Bucket> bucket;
  std::string key;
};

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

char delimiter_of(const std::string& name) {
  if (name == "PIPE") return '|';
  if (name == "SEMICOLON") return ';';
  if (name == "SPACE") return ' ';
  return name == "TAB" ? '\t' : ',';
}

CsvForm csv_form(const Value& request) {
  CsvForm form;
  form.has_header_row = request.string_at("CSVHeaderLocation").value_or("") != "GIVEN";
  form.delimiter = delimiter_of(request.string_at("CSVDelimiter").value_or(""));
  for (const Value& header : request["CSVHeaders"].elements())
    form.headers.emplace_back(header.string());
  return form;
}

// "Bucket, Key, Size" as the names of columns.
std::vector<std::string> columns(const std::string& schema) {
  std::vector<std::string> names;
  for (const std::string_view name : split(schema, ',')) names.emplace_back(trim(name));
  return names;
}

// The inventory of S3: a manifest, and the files with the rows that it names.
asl::Outcome<bool> add_manifest(const objects::Buckets& buckets, std::string_view text,
                                Items& items) {
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
  const auto schema = columns(manifest->string_at("fileSchema").value_or(""));
  for (const Value& file : (*manifest)["files"].elements()) {
    if (items.is_full()) break;
    TRY(add_inventory(TRY(text_of(*bucket, file.string_at("key").value_or(""))), schema, items));
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
  if (type == "MANIFEST" && is_inventory) return add_manifest(buckets, text, items);
  return reader_failure(concat("The InputType '", type,
                               type == "MANIFEST" ? "' of the ManifestType 'ATHENA_DATA" : "",
                               "' is not supported yet."));
}

}  // namespace

asl::Outcome<Value> read_items(const objects::Buckets& buckets, const Value& request) {
  if (request.string_at("Transformation").value_or("") == "LOAD_AND_FLATTEN")
    return reader_failure("The Transformation 'LOAD_AND_FLATTEN' is not supported yet.");
  Items items(request.integer_at("MaxItems").value_or(0),
              request.integer_at("BytesMax").value_or(bytes_max_of_no_one));
  TRY(add_object(buckets, request, items));
  return items.take();
}

}  // namespace pawl::transfers
