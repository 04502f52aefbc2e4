#include "cli/output.h"

#include "base/text.h"
#include "base/time.h"
#include "cli/units.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

bool is_name_of_moment(std::string_view name) {
  return name.ends_with("Date") || name == "timestamp" || name == "since" || name == "due";
}

// A member with a moment as RFC 3339, however its service writes it.
json::Value with_moment(const std::string& name, const json::Value& value) {
  if (value.is_number() && is_name_of_moment(name)) return format_instant(from_epoch(value.real()));
  constexpr std::string_view zone_of_lambda = "+0000";
  if (name == "LastModified" && value.is_string() && value.string().ends_with(zone_of_lambda))
    return concat(value.string().substr(0, value.string().size() - zone_of_lambda.size()), "Z");
  return with_moments(value);
}

std::string csv_cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == text.npos) return text;
  return concat("\"", replace_all(text, "\"", "\"\""), "\"");
}

std::string render_csv(const Listing& listing, bool has_headers) {
  std::string out;
  const auto append_line = [&](const auto& cell_of) {
    for (size_t at = 0; at < listing.columns.size(); ++at) {
      if (at > 0) out += ',';
      out += csv_cell(cell_of(listing.columns[at]));
    }
    out += '\n';
  };
  if (has_headers) {
    append_line([](const Listing::Column& column) {
      return column.unit.empty() ? column.title : concat(column.title, " (", column.unit, ")");
    });
  }
  for (const json::Value& row : listing.rows) {
    append_line([&](const Listing::Column& column) {
      if (column.unit.empty()) return column.text(row);
      return row[column.member].is_null() ? std::string() : plain(row[column.member]);
    });
  }
  return out;
}

std::string render_table(const Listing& listing, const Style& style) {
  std::vector<const Listing::Column*> shown;
  std::vector<Table::Column> columns;
  for (const auto& column : listing.columns) {
    if (column.is_wide_only && style.format != Format::wide) continue;
    shown.push_back(&column);
    columns.push_back({column.title, column.align});
  }
  Table table(std::move(columns));
  for (const json::Value& row : listing.rows) {
    std::vector<std::string> cells;
    for (const auto* column : shown) cells.push_back(column->text(row));
    table.add(std::move(cells));
  }
  return listing.rows.empty() ? "" : table.render(style.has_headers);
}

}  // namespace

const std::vector<std::string>& format_names() {
  static const std::vector<std::string> names = {"table", "wide", "json", "jsonl", "name", "csv"};
  return names;
}

Format format_of(std::string_view name) {
  const auto& names = format_names();
  for (size_t at = 0; at < names.size(); ++at) {
    if (names[at] == name) return static_cast<Format>(at);
  }
  return Format::table;
}

Listing::Column Listing::bytes(std::string title, std::string member) {
  return {std::move(title), bytes_of(member), Table::Align::right, false, member, "bytes"};
}

Listing::Column Listing::seconds(std::string title, std::string member) {
  return {std::move(title), seconds_of(member), Table::Align::right, false, member, "seconds"};
}

void Listing::cut_to(size_t most) {
  is_cut = rows.size() > most;
  if (is_cut) rows.resize(most);
}

std::string render(const Listing& listing, const Style& style) {
  std::string out;
  switch (style.format) {
    case Format::json:
      return json::write_pretty(json::Value::Array(listing.rows)) + "\n";
    case Format::jsonl:
      for (const json::Value& row : listing.rows) out += json::write(row) + "\n";
      return out;
    case Format::name:
      for (const json::Value& row : listing.rows) out += plain(row[listing.name_member]) + "\n";
      return out;
    case Format::csv:
      return render_csv(listing, style.has_headers);
    default:
      return render_table(listing, style);
  }
}

std::string error_document(const FailureText& failure) {
  json::Value error = json::Value::object({{"code", failure.code}, {"message", failure.message}});
  if (!failure.hint.empty()) error = error.with("hint", failure.hint);
  return json::write(json::Value::object({{"error", error}})) + "\n";
}

json::Value with_moments(const json::Value& answer) {
  if (answer.is_array()) {
    json::Value::Array elements;
    for (const json::Value& element : answer.elements()) elements.push_back(with_moments(element));
    return elements;
  }
  if (!answer.is_object()) return answer;
  json::Value::Object members;
  for (const auto& [name, value] : answer.members())
    members.push_back({name, with_moment(name, value)});
  return json::Value(std::move(members));
}

std::string plain(const json::Value& value) {
  if (value.is_null()) return "-";
  return value.is_string() ? std::string(value.string()) : json::write(value);
}

std::string moment_text(const json::Value& value, bool is_utc) {
  if (value.is_number()) return format_time(from_epoch(value.real()), is_utc);
  if (!value.is_string() || value.string().empty()) return "-";
  const auto instant = parse_instant(value.string());
  return instant ? format_time(*instant, is_utc) : std::string(value.string());
}

std::function<std::string(const json::Value&)> text_of(std::string member) {
  return [member = std::move(member)](const json::Value& row) { return plain(row[member]); };
}

std::function<std::string(const json::Value&)> bytes_of(std::string member) {
  return [member = std::move(member)](const json::Value& row) {
    const auto bytes = row.number_at(member);
    return bytes && *bytes >= 0 ? format_bytes(static_cast<uint64_t>(*bytes)) : std::string("-");
  };
}

std::function<std::string(const json::Value&)> seconds_of(std::string member) {
  return [member = std::move(member)](const json::Value& row) {
    const auto length = row.number_at(member);
    if (!length) return std::string("-");
    return format_duration(Duration(static_cast<int64_t>(*length * 1e6)));
  };
}

std::function<std::string(const json::Value&)> moment_of(std::string member, bool is_utc) {
  return [member = std::move(member), is_utc](const json::Value& row) {
    return moment_text(row[member], is_utc);
  };
}

}  // namespace pawl::cli
