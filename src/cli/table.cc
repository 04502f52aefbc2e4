#include "cli/table.h"

#include <algorithm>

#include "base/check.h"
#include "cli/terminal.h"

namespace pawl::cli {
namespace {

void append_cell(std::string& line, const std::string& cell, size_t width, Table::Align align) {
  const std::string blanks(width - std::min(width, display_width(cell)), ' ');
  line += align == Table::Align::right ? blanks + cell : cell + blanks;
}

void append_line(std::string& out, std::string line) {
  line.erase(line.find_last_not_of(' ') + 1);
  out += line + "\n";
}

}  // namespace

void Table::add(std::vector<std::string> cells) {
  CHECK(cells.size() == columns_.size());
  rows_.push_back(std::move(cells));
}

std::string Table::render(bool has_headers) const {
  std::vector<size_t> widths;
  for (size_t column = 0; column < columns_.size(); ++column) {
    size_t width = has_headers ? display_width(columns_[column].title) : 0;
    for (const auto& row : rows_) width = std::max(width, display_width(row[column]));
    widths.push_back(width);
  }
  std::string out, line;
  if (has_headers) {
    for (size_t column = 0; column < columns_.size(); ++column) {
      if (column > 0) line += "  ";
      append_cell(line, columns_[column].title, widths[column], columns_[column].align);
    }
    append_line(out, std::move(line));
  }
  for (const auto& row : rows_) {
    line.clear();
    for (size_t column = 0; column < row.size(); ++column) {
      if (column > 0) line += "  ";
      append_cell(line, row[column], widths[column], columns_[column].align);
    }
    append_line(out, line);
  }
  return out;
}

}  // namespace pawl::cli
