#include "store/sqlite_catalogue.h"

#include "base/text.h"
#include "store/catalogue_text.h"
#include "store/page_token.h"
#include "store/row_checksums.h"
#include "store/texts.h"

namespace pawl::store {
namespace {

Instant instant(int64_t microseconds) { return Instant(Duration(microseconds)); }

// The columns of a table and, behind them, whether they are as they were written.
std::string select(std::string_view table, std::string_view columns) {
  return concat("SELECT ", columns, ", ", is_whole(columns), " FROM ", table, " ");
}

// The definition, which a list does not show, is a column by its number among the texts.
constexpr int definition_column = 2;

Result<Machine> read_machine(const Statement& row) {
  if (row.integer(11) == 0) return damaged_row(concat("machine ", row.text(0)));
  return Machine{.arn = row.text(0),
                 .name = row.text(1),
                 .definition = {},
                 .role_arn = row.text(3),
                 .type = row.text(4),
                 .status = row.text(5),
                 .revision_id = row.text(6),
                 .created = instant(row.integer(7)),
                 .updated = instant(row.integer(8)),
                 .settings = row.text(9),
                 .last_version = row.integer(10)};
}

Result<Version> read_version(const Statement& row) {
  if (row.integer(8) == 0) return damaged_row(concat("version ", row.text(0), ":", row.integer(1)));
  return Version{.machine_arn = row.text(0),
                 .number = row.integer(1),
                 .definition = {},
                 .role_arn = row.text(3),
                 .revision_id = row.text(4),
                 .settings = row.text(5),
                 .description = row.text(6),
                 .created = instant(row.integer(7))};
}

Result<Alias> read_alias(const Statement& row) {
  if (row.integer(7) == 0) return damaged_row(concat("alias ", row.text(0)));
  auto routes = TRY(read_routes(row.text(4)));
  return Alias{.arn = row.text(0),
               .machine_arn = row.text(1),
               .name = row.text(2),
               .description = row.text(3),
               .routes = std::move(routes),
               .created = instant(row.integer(5)),
               .updated = instant(row.integer(6))};
}

Result<Activity> read_activity(const Statement& row) {
  if (row.integer(4) == 0) return damaged_row(concat("activity ", row.text(0)));
  return Activity{.arn = row.text(0),
                  .name = row.text(1),
                  .settings = row.text(2),
                  .created = instant(row.integer(3))};
}

// A page of a list by name.
template <typename T>
Result<Page<T>> page_by_name(Statement& row, const PageRequest& page, std::string_view list,
                             Result<T> (*read)(const Statement&)) {
  Page<T> answer;
  while (TRY(row.step())) {
    if (answer.rows.size() == page.size_max) {
      answer.next_token = make_page_token(list, answer.rows.back().name);
      break;
    }
    answer.rows.push_back(TRY(read(row)));
  }
  return answer;
}

}  // namespace

Result<std::optional<Machine>> SqliteCatalogue::machine(const std::string& arn) {
  const auto reader = TRY(readers_.borrow());
  Statement row =
      TRY(reader->statement(concat(select("machines", columns::machines), "WHERE arn = ?")));
  row.bind(arn);
  if (!TRY(row.step())) return std::optional<Machine>();
  Machine found = TRY(read_machine(row));
  found.definition = TRY(read_text(*reader, row.integer(definition_column)));
  return std::optional<Machine>(std::move(found));
}

Result<Page<Machine>> SqliteCatalogue::machines(const PageRequest& page) {
  std::string after;
  if (!page.token.empty()) after = TRY(read_page_token("machines", page.token));
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(
      concat(select("machines", columns::machines), "WHERE name > ? ORDER BY name LIMIT ?")));
  row.bind(after).bind(static_cast<int64_t>(page.size_max) + 1);
  return page_by_name(row, page, "machines", read_machine);
}

Result<std::optional<Version>> SqliteCatalogue::version(const std::string& machine_arn,
                                                        int64_t number) {
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(
      concat(select("versions", columns::versions), "WHERE machine_arn = ? AND number = ?")));
  row.bind(machine_arn).bind(number);
  if (!TRY(row.step())) return std::optional<Version>();
  Version found = TRY(read_version(row));
  found.definition = TRY(read_text(*reader, row.integer(definition_column)));
  return std::optional<Version>(std::move(found));
}

Result<Page<Version>> SqliteCatalogue::versions(const std::string& machine_arn,
                                                const PageRequest& page) {
  const std::string list = concat("versions\n", machine_arn);
  int64_t before = INT64_MAX;
  if (!page.token.empty())
    before = parse_integer(TRY(read_page_token(list, page.token))).value_or(0);
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(
      concat(select("versions", columns::versions),
             "WHERE machine_arn = ? AND number < ? ORDER BY number DESC LIMIT ?")));
  row.bind(machine_arn).bind(before).bind(static_cast<int64_t>(page.size_max) + 1);
  Page<Version> answer;
  while (TRY(row.step())) {
    if (answer.rows.size() == page.size_max) {
      answer.next_token = make_page_token(list, concat(answer.rows.back().number));
      break;
    }
    answer.rows.push_back(TRY(read_version(row)));
  }
  return answer;
}

Result<std::optional<Alias>> SqliteCatalogue::alias(const std::string& arn) {
  const auto reader = TRY(readers_.borrow());
  Statement row =
      TRY(reader->statement(concat(select("aliases", columns::aliases), "WHERE arn = ?")));
  row.bind(arn);
  if (!TRY(row.step())) return std::optional<Alias>();
  return std::optional<Alias>(TRY(read_alias(row)));
}

Result<std::vector<Alias>> SqliteCatalogue::aliases(const std::string& machine_arn) {
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(
      concat(select("aliases", columns::aliases), "WHERE machine_arn = ? ORDER BY name")));
  row.bind(machine_arn);
  std::vector<Alias> found;
  while (TRY(row.step())) found.push_back(TRY(read_alias(row)));
  return found;
}

Result<std::optional<Activity>> SqliteCatalogue::activity(const std::string& arn) {
  const auto reader = TRY(readers_.borrow());
  Statement row =
      TRY(reader->statement(concat(select("activities", columns::activities), "WHERE arn = ?")));
  row.bind(arn);
  if (!TRY(row.step())) return std::optional<Activity>();
  return std::optional<Activity>(TRY(read_activity(row)));
}

Result<Page<Activity>> SqliteCatalogue::activities(const PageRequest& page) {
  std::string after;
  if (!page.token.empty()) after = TRY(read_page_token("activities", page.token));
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(
      concat(select("activities", columns::activities), "WHERE name > ? ORDER BY name LIMIT ?")));
  row.bind(after).bind(static_cast<int64_t>(page.size_max) + 1);
  return page_by_name(row, page, "activities", read_activity);
}

Result<std::vector<Tag>> SqliteCatalogue::tags(const std::string& arn) {
  const auto reader = TRY(readers_.borrow());
  Statement row = TRY(reader->statement(concat(select("tags", columns::tags), "WHERE arn = ?")));
  row.bind(arn);
  if (!TRY(row.step())) return std::vector<Tag>();
  if (row.integer(2) == 0) return damaged_row(concat("the tags of ", arn));
  return read_tags(row.text(1));
}

}  // namespace pawl::store
