#include "transfers/results.h"

#include "base/text.h"
#include "execution/map_results.h"
#include "json/write.h"
#include "transfers/causes.h"

namespace pawl::transfers {
namespace {

using json::Value;

// A file is closed once it has as many; one result more than fits still goes into it.
constexpr size_t file_bytes_max = 64 << 20;

asl::Failure failed(std::string cause) { return {"States.ResultWriterFailed", std::move(cause)}; }

// What is left of a child: all about it, or only its output.
Value::Array lines_of(const Value::Array& children, const std::string& transformation) {
  Value::Array lines;
  for (const Value& child : children) {
    const Value* output = child.find("Output");
    const bool is_bare = (transformation == "COMPACT" || transformation == "FLATTEN") && output;
    lines.push_back(is_bare ? *output : execution::as_left(child));
  }
  return transformation == "FLATTEN" ? execution::flattened(lines) : lines;
}

class Files {
 public:
  Files(objects::Bucket& bucket, std::string folder, const Value& request)
      : bucket_(bucket),
        folder_(std::move(folder)),
        part_(request.integer_at("Part")),
        is_lines_(request.string_at("OutputType") == "JSONL") {}

  // The files as the manifest lists them.
  asl::Outcome<Value> write(std::string_view status, const Value::Array& lines) {
    Value::Array listed;
    size_t next = 0;
    while (next < lines.size()) {
      const std::string text = one_file(lines, next);
      const std::string key =
          concat(folder_, status, "_", number(listed.size()), is_lines_ ? ".jsonl" : ".json");
      TRY(put(key, text));
      listed.push_back(Value::object({{"Key", key}, {"Size", text.size()}}));
    }
    return Value(std::move(listed));
  }

  asl::Outcome<bool> put(const std::string& key, const std::string& text) {
    const auto put = bucket_.put(key, text, "application/json");
    if (!put) return failed(sdk_cause(put.error(), ""));
    return true;
  }

 private:
  // Parts are written one by one, each without knowing how many files another has.
  std::string number(size_t file) const {
    if (!part_) return concat(file);
    return file == 0 ? concat(*part_) : concat(*part_, "_", file);
  }

  std::string one_file(const Value::Array& lines, size_t& next) const {
    std::string text = is_lines_ ? "" : "[";
    const size_t first = next;
    for (; next < lines.size() && text.size() < file_bytes_max; ++next) {
      if (next > first) text += is_lines_ ? "\n" : ",";
      text += json::write(lines[next]);
    }
    return text + (is_lines_ ? "\n" : "]");
  }

  objects::Bucket& bucket_;
  const std::string folder_;
  const std::optional<int64_t> part_;
  const bool is_lines_;
};

// "results/<id of the run>/", or only the id where there is no prefix.
std::string folder_of(const Value& request) {
  std::string prefix = request.string_at("Prefix").value_or("");
  if (prefix.ends_with('/')) prefix.pop_back();
  const std::string arn = request.string_at("MapRunArn").value_or("");
  const std::string id = arn.substr(arn.rfind(':') + 1);
  return prefix.empty() ? id + "/" : concat(prefix, "/", id, "/");
}

struct Sorted {
  Value::Array succeeded, failed, pending;
};

Sorted sorted(const Value& request) {
  Sorted all;
  for (const Value& child : request["Children"].elements())
    (child.string_at("Status") == "SUCCEEDED" ? all.succeeded : all.failed).push_back(child);
  for (const Value& child : request["Pending"].elements()) all.pending.push_back(child);
  return all;
}

}  // namespace

asl::Outcome<Value> write_results(const objects::Buckets& buckets, const Value& request) {
  const std::string name = request.string_at("Bucket").value_or("");
  const auto bucket = buckets.find(name);
  if (!bucket) return failed(sdk_cause(bucket.error(), ""));
  const std::string transformation = request.string_at("Transformation").value_or("");
  const std::string folder = folder_of(request);
  Files files(**bucket, folder, request);
  const Sorted children = sorted(request);
  const Value succeeded =
      TRY(files.write("SUCCEEDED", lines_of(children.succeeded, transformation)));
  const Value failures = TRY(files.write("FAILED", lines_of(children.failed, "NONE")));
  const Value pending = TRY(files.write("PENDING", lines_of(children.pending, "NONE")));
  Value listed =
      Value::object({{"FAILED", failures}, {"PENDING", pending}, {"SUCCEEDED", succeeded}});
  if (request["IsLast"] == Value(false)) return listed;
  if (request["Files"].is_object()) listed = execution::with_files(request["Files"], listed);
  const std::string key = folder + "manifest.json";
  TRY(files.put(key, json::write(Value::object({{"DestinationBucket", name},
                                                {"MapRunArn", request["MapRunArn"]},
                                                {"ResultFiles", listed}}))));
  return Value::object({{"Bucket", name}, {"Key", key}});
}

}  // namespace pawl::transfers
