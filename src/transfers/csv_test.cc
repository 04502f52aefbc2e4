#include "transfers/csv.h"

#include <gmock/gmock.h>

#include "base/text.h"

namespace pawl::transfers {
namespace {

// The rows, their fields in brackets.
std::string rows(std::string_view text, char delimiter = ',') {
  CsvRows rows(text, delimiter);
  std::string shown;
  while (const auto row = rows.next()) {
    for (const std::string& field : *row) shown += concat("[", field, "]");
    shown += ';';
  }
  if (rows.torn_line()) shown += concat("torn in line ", *rows.torn_line());
  return shown;
}

TEST(csv, ends_rows_with_or_without_a_carriage_return) {
  EXPECT_EQ(rows("a,b\nc,d\n"), "[a][b];[c][d];");
  EXPECT_EQ(rows("a,b\r\nc,d"), "[a][b];[c][d];");
  EXPECT_EQ(rows("a,b\r\n\r\nc,d\r\n"), "[a][b];[c][d];");
}

TEST(csv, keeps_empty_fields_and_blanks) {
  EXPECT_EQ(rows(",,\n a , \n"), "[][][];[ a ][ ];");
  EXPECT_EQ(rows("a,"), "[a][];");
  EXPECT_EQ(rows(""), "");
}

TEST(csv, takes_quotes_as_rfc_4180_does) {
  EXPECT_EQ(rows("\"a,b\",\"c\"\"d\"\n"), "[a,b][c\"d];");
  EXPECT_EQ(rows("\"two\r\nlines\",x\ny,z"), "[two\r\nlines][x];[y][z];");
  EXPECT_EQ(rows("\"\",a"), "[][a];");
  EXPECT_EQ(rows("a \"b\" c,'d'"), "[a \"b\" c]['d'];");
  EXPECT_EQ(rows("\"a\"b,c"), "[ab][c];");
}

TEST(csv, passes_over_a_byte_order_mark) {
  EXPECT_EQ(rows("\xef\xbb\xbf"
                 "a,b"),
            "[a][b];");
}

TEST(csv, has_other_delimiters) {
  EXPECT_EQ(rows("a|b,c|\"d|e\"", '|'), "[a][b,c][d|e];");
  EXPECT_EQ(rows("a\tb", '\t'), "[a][b];");
}

TEST(csv, says_where_a_quote_is_never_closed) {
  EXPECT_EQ(rows("a,b\nc,d\n\"e\nf"), "[a][b];[c][d];torn in line 3");
  EXPECT_EQ(rows("a\n\"b\n\n"), "[a];torn in line 2");
}

}  // namespace
}  // namespace pawl::transfers
