#include "daemon/table_reader.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "cli/units.h"

namespace pawl::daemon {

TableReader::TableReader(const TomlNode& table, std::string path,
                         std::vector<ConfigProblem>& problems)
    : table_(table), path_(std::move(path)), problems_(problems) {}

TableReader::~TableReader() {
  for (const auto& [key, value] : table_.members) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    std::string message = concat("unknown key \"", full_name(key), "\"");
    if (const auto meant = nearest(key, known_)) {
      message += concat("; did you mean \"", *meant, "\"?");
    } else {
      message += concat("; known here: ", join(known_, ", "));
    }
    problems_.push_back({value.line, std::move(message)});
  }
}

std::string TableReader::full_name(std::string_view key) const {
  return path_.empty() ? std::string(key) : concat(path_, ".", key);
}

void TableReader::complain(std::string_view key, std::string_view what) {
  const TomlNode* node = table_.find(key);
  problems_.push_back(
      {node == nullptr ? table_.line : node->line, concat(full_name(key), " ", what)});
}

const TomlNode* TableReader::take(std::string_view key) {
  known_.emplace_back(key);
  return table_.find(key);
}

const TomlNode* TableReader::take(std::string_view key, TomlNode::Kind kind) {
  const TomlNode* node = take(key);
  if (node == nullptr || node->kind == kind) return node;
  complain(key, concat("must be ", description(kind), ", not ", description(node->kind)));
  return nullptr;
}

void TableReader::text(std::string_view key, std::string& into) {
  if (const TomlNode* node = take(key, TomlNode::Kind::text)) into = node->text;
}

void TableReader::texts(std::string_view key, std::vector<std::string>& into) {
  const TomlNode* node = take(key, TomlNode::Kind::array);
  if (node == nullptr) return;
  into.clear();
  for (const TomlNode& element : node->elements) {
    if (element.kind != TomlNode::Kind::text) return complain(key, "must be a list of texts");
    into.push_back(element.text);
  }
}

void TableReader::text_map(std::string_view key, std::map<std::string, std::string>& into) {
  const TomlNode* node = take(key, TomlNode::Kind::table);
  if (node == nullptr) return;
  for (const auto& [name, value] : node->members) {
    switch (value.kind) {
      case TomlNode::Kind::text:
        into[name] = value.text;
        break;
      case TomlNode::Kind::integer:
        into[name] = concat(value.integer);
        break;
      case TomlNode::Kind::real:
        into[name] = concat(value.real);
        break;
      case TomlNode::Kind::boolean:
        into[name] = value.boolean ? "on" : "off";
        break;
      default:
        problems_.push_back({value.line, concat(full_name(key), ".", name, " must be a text, not ",
                                                description(value.kind))});
    }
  }
}

std::optional<int64_t> TableReader::integer_within(std::string_view key, int64_t least,
                                                   int64_t most) {
  const TomlNode* node = take(key, TomlNode::Kind::integer);
  if (node == nullptr) return std::nullopt;
  if (node->integer >= least && node->integer <= most) return node->integer;
  complain(key, concat("must be from ", least, " to ", most, ", not ", node->integer));
  return std::nullopt;
}

void TableReader::bytes(std::string_view key, uint64_t least, std::optional<uint64_t>& into) {
  const TomlNode* node = take(key);
  if (node == nullptr) return;
  std::optional<uint64_t> size;
  if (node->kind == TomlNode::Kind::text) size = parse_bytes(node->text);
  if (node->kind == TomlNode::Kind::integer && node->integer >= 0) {
    size = static_cast<uint64_t>(node->integer);
  }
  if (!size) return complain(key, "must be a size such as \"500GB\" or \"64MiB\"");
  if (*size < least) return complain(key, concat("must be at least ", format_bytes(least)));
  into = size;
}

void TableReader::bytes(std::string_view key, uint64_t least, size_t& into) {
  std::optional<uint64_t> size;
  bytes(key, least, size);
  if (size) into = *size;
}

void TableReader::boolean(std::string_view key, std::optional<bool>& into) {
  if (const TomlNode* node = take(key, TomlNode::Kind::boolean)) into = node->boolean;
}

void TableReader::duration(std::string_view key, Duration& into) {
  const TomlNode* node = take(key);
  if (node == nullptr) return;
  std::optional<Duration> length;
  if (node->kind == TomlNode::Kind::text) length = cli::parse_duration(node->text);
  if (node->kind == TomlNode::Kind::integer) length = cli::parse_duration(concat(node->integer));
  if (!length) return complain(key, "must be a length of time such as \"30s\" or \"24h\"");
  into = *length;
}

void TableReader::positive_duration(std::string_view key, Duration& into) {
  Duration length = into;
  duration(key, length);
  if (length < seconds(1)) return complain(key, "must be at least a second");
  into = length;
}

void TableReader::port_range(std::string_view key, uint16_t& first, uint16_t& last) {
  const TomlNode* node = take(key, TomlNode::Kind::text);
  if (node == nullptr) return;
  const auto ends = split(node->text, '-');
  const auto from = parse_integer(trim(ends.front()));
  const auto to = parse_integer(trim(ends.back()));
  if (ends.size() != 2 || !from || !to || *from < 1 || *to > 65535 || *from > *to) {
    return complain(key, "must be a range of ports such as \"6100-6199\"");
  }
  first = static_cast<uint16_t>(*from);
  last = static_cast<uint16_t>(*to);
}

const TomlNode* TableReader::table(std::string_view key) {
  return take(key, TomlNode::Kind::table);
}

std::string from_folder(const std::string& folder, const std::string& path) {
  if (path.empty()) return path;
  return (std::filesystem::path(folder) / path).lexically_normal().string();
}

}  // namespace pawl::daemon
