#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/table.h"
#include "json/value.h"

namespace pawl::cli {

enum class Format { table, wide, json, jsonl, name, csv };
const std::vector<std::string>& format_names();
// REQUIRES: one of the names.
Format format_of(std::string_view name);

struct Style {
  Format format = Format::table;
  bool has_headers = true;
  bool is_utc = false;
  bool is_quiet = false;
};

// A list to be shown in any format: rows are JSON objects whose members scripts may rely on,
// columns say how people see them.
struct Listing {
  struct Column {
    std::string title;
    std::function<std::string(const json::Value& row)> text;
    Table::Align align = Table::Align::left;
    bool is_wide_only = false;
    // Of a cell that people see rounded: the member it is from, and that member's unit. In CSV the
    // cell is the bare number, and the title says the unit.
    std::string member = {}, unit = {};
  };
  static Column bytes(std::string title, std::string member);
  static Column seconds(std::string title, std::string member);

  std::vector<Column> columns;
  std::vector<json::Value> rows;
  std::string name_member;  // what `-o name` prints
  std::string when_empty;   // for people, on standard error
  bool is_cut = false;      // there are more than these

  // Leaves the first so many, and notes whether there were more.
  void cut_to(size_t most);
};

std::string render(const Listing& listing, const Style& style);

// Cell texts of a member: as it is, as bytes, as a length of time in seconds, as a moment.
std::function<std::string(const json::Value&)> text_of(std::string member);
std::function<std::string(const json::Value&)> bytes_of(std::string member);
std::function<std::string(const json::Value&)> seconds_of(std::string member);
std::function<std::string(const json::Value&)> moment_of(std::string member, bool is_utc);

// A failure as one JSON object on a line: {"error": {"code", "message", "hint"}}. `code` is one of
// base/errors.def.
struct FailureText {
  std::string_view code;
  std::string message, hint = {};
};
std::string error_document(const FailureText& failure);

// What the service answers, with its moments as RFC 3339: AWS writes them as epoch seconds, and
// Lambda as text with a zone of its own form.
json::Value with_moments(const json::Value& answer);

// A scalar for people: strings bare, null as "-".
std::string plain(const json::Value& value);
// A moment that is written as epoch seconds or as RFC 3339.
std::string moment_text(const json::Value& value, bool is_utc);

}  // namespace pawl::cli
