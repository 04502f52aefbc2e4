#include "asl/parse/read.h"
#include "base/plain_name.h"
#include "base/text.h"

// What a Map that runs each iteration as an execution of its own has besides.
namespace pawl::asl::parse {
namespace {

using json::Value;

constexpr std::string_view get_object = "s3:getObject", list_objects = "s3:listObjectsV2";
constexpr size_t label_characters_max = 40;

std::string read_resource(Fields& fields, std::initializer_list<std::string_view> actions) {
  const std::string resource = fields.text("Resource").value_or("");
  for (const std::string_view action : actions)
    if (resource.ends_with(concat(":states:::", action))) return resource;
  if (fields.has("Resource"))
    fields.findings().schema(fields.location("Resource"),
                             concat("The resource provided ", resource, " is not recognized."));
  return resource;
}

std::optional<Template> read_parameters(Fields& fields) {
  return fields.payload(fields.is_jsonata() ? "Arguments" : "Parameters");
}

void read_csv(Fields& config, ItemReader& reader) {
  reader.csv_header_location = config.one_of("CSVHeaderLocation", "FIRST_ROW GIVEN");
  reader.csv_delimiter = config.one_of("CSVDelimiter", "COMMA PIPE SEMICOLON SPACE TAB");
  const Value* headers = config.non_empty_array("CSVHeaders");
  if (headers == nullptr) {
    if (reader.csv_header_location == "GIVEN") config.required({"CSVHeaders"});
    return;
  }
  for (const Value& header : headers->elements()) {
    if (header.is_string()) {
      reader.csv_headers.emplace_back(header.string());
    } else {
      config.findings().schema(config.location("CSVHeaders"), "Expected value of type String");
    }
  }
}

void read_reader_config(Fields& config, ItemReader& reader) {
  config.only_in_language(
      "InputType CSVHeaderLocation CSVHeaders CSVDelimiter MaxItems ManifestType Transformation",
      {"MaxItemsPath", ""});
  reader.input_type = config.one_of("InputType", "CSV JSON JSONL MANIFEST PARQUET");
  reader.manifest_type = config.one_of("ManifestType", "S3_INVENTORY ATHENA_DATA");
  reader.transformation = config.one_of("Transformation", "NONE LOAD_AND_FLATTEN");
  reader.items_max = config.integer_or_path("MaxItems", {1});
  read_csv(config, reader);
}

std::optional<ItemReader> read_reader(Fields& map) {
  auto part = map.part("ItemReader");
  if (!part) return std::nullopt;
  Fields& fields = *part;
  ItemReader reader;
  fields.only_in_language("Resource ReaderConfig", {"Parameters", "Arguments"});
  fields.required({"Resource"});
  reader.resource = read_resource(fields, {get_object, list_objects});
  reader.parameters = read_parameters(fields);
  if (auto config = fields.part("ReaderConfig")) read_reader_config(*config, reader);
  return reader;
}

std::optional<ItemBatcher> read_batcher(Fields& map) {
  auto part = map.part("ItemBatcher");
  if (!part) return std::nullopt;
  Fields& fields = *part;
  ItemBatcher batcher;
  fields.only_in_language("BatchInput MaxItemsPerBatch MaxInputBytesPerBatch",
                          {"MaxItemsPerBatchPath MaxInputBytesPerBatchPath", ""});
  batcher.items_max = fields.integer_or_path("MaxItemsPerBatch", {1});
  batcher.bytes_max = fields.integer_or_path("MaxInputBytesPerBatch", {1});
  batcher.batch_input = fields.payload("BatchInput");
  if (!batcher.items_max && !batcher.bytes_max)
    fields.findings().schema(fields.location(),
                             "At least one of the following fields is required: "
                             "[MaxItemsPerBatch, MaxInputBytesPerBatch]");
  return batcher;
}

std::optional<ResultWriter> read_writer(Fields& map) {
  auto part = map.part("ResultWriter");
  if (!part) return std::nullopt;
  Fields& fields = *part;
  ResultWriter writer;
  fields.only_in_language("Resource WriterConfig", {"Parameters", "Arguments"});
  writer.resource = read_resource(fields, {"s3:putObject"});
  writer.parameters = read_parameters(fields);
  if (auto config = fields.part("WriterConfig")) {
    config->only("OutputType Transformation");
    writer.output_type = config->one_of("OutputType", "JSON JSONL");
    writer.transformation = config->one_of("Transformation", "NONE COMPACT FLATTEN");
  }
  return writer;
}

// Said when the definition is read, and again by the run when it fails over it.
void warn_of_what_is_not_read(Fields& map, const ItemReader& reader) {
  const auto warn = [&map](std::string_view value) {
    map.findings().add(
        {Severity::warning, "UNSUPPORTED",
         concat("The value '", value, "' is not supported yet; the map run fails over it"),
         map.location("ItemReader")});
  };
  if (reader.input_type == "PARQUET") warn(reader.input_type);
  if (reader.manifest_type == "ATHENA_DATA") warn(reader.manifest_type);
  if (reader.transformation == "LOAD_AND_FLATTEN") warn(reader.transformation);
}

}  // namespace

bool read_is_distributed(Fields& processor, const Reading& reading) {
  const Value* config = processor.object("ProcessorConfig");
  if (config == nullptr) return false;
  Fields fields(*config, processor.location("ProcessorConfig"), processor.findings());
  fields.only("Mode ExecutionType");
  const bool is_distributed = fields.one_of("Mode", "INLINE DISTRIBUTED") == "DISTRIBUTED";
  fields.one_of("ExecutionType", "STANDARD EXPRESS");
  if (is_distributed) fields.required({"ExecutionType"});
  if (is_distributed && reading.type == MachineType::express)
    fields.findings().schema(fields.location("Mode"),
                             "Express state machine does not support 'DISTRIBUTED' Map states");
  return is_distributed;
}

// An array, with expressions in it, or an expression.
std::optional<Template> read_items(Fields& fields) {
  const Value* items = fields.object().find("Items");
  if (items == nullptr || !fields.is_jsonata()) return std::nullopt;
  if (items->is_array() || fields.holds_query("Items")) return fields.payload("Items");
  fields.findings().schema(fields.location("Items"),
                           "Expected value of type Array or a JSONata expression");
  return std::nullopt;
}

void read_distributed(Fields& fields, Map& map) {
  // It is a part of the ARNs of the run and its children.
  if (map.label && !is_plain_name(*map.label, label_characters_max))
    fields.findings().schema(
        fields.location("Label"),
        concat("Label must have at most ", label_characters_max,
               " characters, and no whitespace, wildcards, brackets, control characters or any of "
               "\"#%\\^|~`$&,;:/"));
  if (!map.is_distributed)
    for (const std::string_view field : {"ItemReader", "ItemBatcher", "ResultWriter"})
      if (fields.has(field))
        fields.findings().schema(
            fields.location(field),
            concat("The field '", field, "' is only supported by a Map of the Mode DISTRIBUTED"));
  map.reader = read_reader(fields);
  map.batcher = read_batcher(fields);
  map.writer = read_writer(fields);
  if (map.reader) warn_of_what_is_not_read(fields, *map.reader);
}

}  // namespace pawl::asl::parse
