// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "store/check/check.h"
#include "store/testing_store.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::store {
namespace {

// Rows of all kinds, over several pages.
void fill(Store& store) {
  const std::string large(20'000, 'x');
  commit(store, {PutMachine{machine("m")}, PutTags{"machine:m", {{"key", "value"}}},
                 PutVersion{{.machine_arn = "machine:m",
                             .number = 1,
                             .definition = "{}",
                             .role_arn = "role",
                             .revision_id = "r",
                             .settings = {},
                             .description = "first",
                             .created = at(3)}},
                 PutAlias{{"alias:a", "machine:m", "a", "", {{1, 100}}, at(1), at(2)}},
                 PutActivity{{.arn = "activity:a", .name = "a", .settings = {}, .created = at(1)}},
                 PutDocument{{"queue", "q", "{\"priority\":1}"}}});
  for (int64_t id = 1; id <= 40; ++id) {
    Execution opened = execution(id);
    if (id % 10 == 0) opened.input = concat("\"", large, "\"");
    commit(store, {OpenExecution{opened}, AppendRecord{id, "begun"}, AppendJobChanges{id, "{}"}});
    if (id % 2 == 0)
      commit(store, {AppendRecord{id, "end"},
                     CloseExecution{id, "SUCCEEDED", at(9), "{\"n\":1}", "", ""}});
    else if (id % 3 == 0)
      commit(store, {AppendRecord{id, "end"}, CloseExecution{id, "FAILED", at(9), "", "E", "C"}});
    if (id % 18 == 0) commit(store, {ReopenExecution{id, at(10)}, AppendRecord{id, "again"}});
  }
}

class changed_bytes : public ::testing::Test {
 protected:
  changed_bytes() {
    fill(*open_store(path_, {.moved_heads_max = 7, .journal_rows_max = 30}));
    said_ = said_by(path_);
    whole_ = world::read_file(path_).value();
  }

  bool is_found(const std::string& bytes) {
    std::filesystem::remove(damaged_ + "-wal");
    std::ofstream(damaged_, std::ios::binary) << bytes;
    const auto report = check_quiet_file(damaged_);
    return !report.has_value() || !report->is_sound();
  }
  static std::string said_by(const std::string& path) {
    const auto opened = open_sqlite_store(path);
    if (!opened.has_value()) return opened.error().text();
    const auto said = told(**opened);
    return said.has_value() ? concat((*opened)->secret().value(), *said) : said.error().text();
  }

  const world::ScratchDirectory directory_{world::memory_or_temporary_directory()};
  const std::string path_ = directory_ / "whole.db", damaged_ = directory_ / "damaged.db";
  std::string said_, whole_;
};

// Of the whole file one in some hundred; each of its 126,976 bytes has been looked at once.
TEST_F(changed_bytes, are_found_wherever_they_change_what_the_store_says) {
  size_t found = 0;
  for (size_t at = 0; at < whole_.size(); at += 397) {
    std::string bytes = whole_;
    bytes[at] = static_cast<char>(bytes[at] ^ (1 << (at % 8)));
    if (is_found(bytes)) {
      ++found;
      continue;
    }
    EXPECT_TRUE(said_by(damaged_) == said_) << at;
  }
  // Much of so small a file is empty.
  EXPECT_GT(found, 50u);
}

TEST_F(changed_bytes, are_found_where_the_disk_gives_zeros_instead) {
  for (size_t at = 0; at < whole_.size(); at += 512) {
    std::string bytes = whole_;
    bytes.replace(at, 512, 512, '\0');
    if (bytes == whole_ || is_found(bytes)) continue;
    EXPECT_TRUE(said_by(damaged_) == said_) << at;
  }
}

// In the table as in the index.
TEST_F(changed_bytes, are_found_in_a_name_that_an_index_has_too) {
  int places = 0;
  const std::string name = "execution:m:e33";
  for (size_t at = 0; (at = whole_.find(name, at)) != std::string::npos; ++at, ++places) {
    std::string bytes = whole_;
    bytes[at + name.size() - 1] = 'X';
    EXPECT_TRUE(is_found(bytes)) << at;
  }
  EXPECT_EQ(places, 2);
}

}  // namespace
}  // namespace pawl::store
