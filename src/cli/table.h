#pragma once

#include <string>
#include <vector>

namespace pawl::cli {

// Text in columns, two blanks apart, as wide as their widest cell; nothing is cut, so that ids can
// be copied.
class Table {
 public:
  enum class Align { left, right };
  struct Column {
    std::string title;
    Align align = Align::left;
  };

  explicit Table(std::vector<Column> columns) : columns_(std::move(columns)) {}
  // REQUIRES: as many cells as columns.
  void add(std::vector<std::string> cells);
  std::string render(bool has_headers) const;

 private:
  std::vector<Column> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace pawl::cli
