#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <zip.h>

#include <latch>

#include "base/text.h"
#include "functions/processes/admission.h"
#include "functions/processes/answer.h"
#include "functions/processes/definition.h"
#include "functions/processes/errands.h"
#include "functions/processes/host.h"
#include "functions/processes/log_file.h"
#include "functions/processes/messages.h"
#include "functions/processes/pythons.h"
#include "functions/processes/shelf.h"
#include "functions/processes/unpack.h"
#include "json/parse.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::functions::processes {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

TEST(admission, lets_as_many_in_as_the_account_may_have) {
  Admission admission(2);
  EXPECT_FALSE(admission.enter("a"));
  EXPECT_FALSE(admission.enter("b"));
  EXPECT_EQ(admission.enter("a"), Throttle::account);
  admission.leave("b");
  EXPECT_FALSE(admission.enter("a"));
  EXPECT_EQ(admission.running("a"), 2);
}

TEST(admission, keeps_a_reservation_for_its_function_and_holds_it_there) {
  Admission admission(3);
  admission.reserve("own", 2);
  EXPECT_EQ(admission.unreserved(), 1);
  EXPECT_FALSE(admission.enter("other"));
  EXPECT_EQ(admission.enter("other"), Throttle::account);
  EXPECT_FALSE(admission.enter("own"));
  EXPECT_FALSE(admission.enter("own"));
  EXPECT_EQ(admission.enter("own"), Throttle::reserved);
}

TEST(admission, counts_right_where_a_reservation_comes_and_goes_during_calls) {
  Admission admission(2);
  EXPECT_FALSE(admission.enter("a"));
  admission.reserve("a", 1);
  EXPECT_FALSE(admission.enter("b"));
  EXPECT_EQ(admission.enter("b"), Throttle::account);
  admission.reserve("a", std::nullopt);
  EXPECT_EQ(admission.enter("b"), Throttle::account);
  admission.leave("a");
  EXPECT_FALSE(admission.enter("b"));
}

TEST(admission, lets_nobody_in_where_nothing_is_reserved) {
  Admission admission(5);
  admission.reserve("a", 0);
  EXPECT_EQ(admission.enter("a"), Throttle::reserved);
}

// The requests that are read where the bytes come one at a time.
std::vector<http::Request> read(Messages& messages, std::string_view bytes) {
  std::vector<http::Request> requests;
  for (const char byte : bytes) {
    messages.add(std::string_view(&byte, 1));
    while (auto request = messages.next()) requests.push_back(*std::move(request));
  }
  return requests;
}

TEST(messages, are_read_however_their_bytes_come) {
  Messages messages(100);
  const auto requests = read(messages,
                             "GET /next HTTP/1.1\r\nHost: x\r\n\r\n"
                             "POST /a HTTP/1.1\r\nCONTENT-length: 3\r\n\r\nabc");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].method, "GET");
  EXPECT_EQ(requests[0].path, "/next");
  EXPECT_EQ(requests[0].header("host"), "x");
  EXPECT_EQ(requests[1].body, "abc");
}

TEST(messages, are_read_in_chunks_with_trailers) {
  Messages messages(100);
  const auto requests = read(messages,
                             "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
                             "POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].body, "abc0123456789");
  EXPECT_EQ(requests[1].path, "/b");
}

TEST(messages, that_are_too_large_are_read_to_their_end_and_dropped) {
  Messages messages(4);
  const auto requests = read(messages, "POST /a HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde");
  ASSERT_EQ(requests.size(), 1u);
  EXPECT_EQ(requests[0].body, "");
  EXPECT_TRUE(messages.is_too_large());
  EXPECT_EQ(read(messages, "POST /b HTTP/1.1\r\nContent-Length: 1\r\n\r\nx").size(), 1u);
  EXPECT_FALSE(messages.is_too_large());
}

TEST(messages, say_whether_their_connection_ends_with_them) {
  const auto is_last = [](std::string_view version, std::string_view options) {
    Messages messages(100);
    read(messages, concat("GET / HTTP/", version, "\r\nConnection: ", options, "\r\n\r\n"));
    return messages.is_last();
  };
  EXPECT_TRUE(is_last("1.1", "close"));
  EXPECT_TRUE(is_last("1.1", "TE, Close"));
  EXPECT_TRUE(is_last("1.0", "keep-alive"));
  EXPECT_FALSE(is_last("1.1", "keep-alive"));
}

TEST(messages, that_are_none_are_seen_to_be_broken) {
  for (const char* text : {"nonsense\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n",
                           "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                           "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"}) {
    Messages messages(100);
    EXPECT_TRUE(read(messages, text).empty()) << text;
    EXPECT_TRUE(messages.is_broken()) << text;
  }
}

struct Entry {
  std::string name, content;
  mode_t type = S_IFREG;
  mode_t mode = 0644;
};

std::string zipped(const std::vector<Entry>& entries, uint8_t system = ZIP_OPSYS_UNIX) {
  const world::ScratchDirectory scratch;
  const std::string path = scratch.path() + "/zip";
  zip_t* zip = zip_open(path.c_str(), ZIP_CREATE, nullptr);
  for (const auto& [name, content, type, mode] : entries) {
    zip_source_t* source = zip_source_buffer(zip, content.data(), content.size(), 0);
    const auto index = zip_file_add(zip, name.c_str(), source, ZIP_FL_ENC_UTF_8);
    zip_file_set_external_attributes(zip, index, 0, system, (type | mode) << 16);
  }
  EXPECT_EQ(zip_close(zip), 0);
  return world::read_file(path).value();
}

TEST(pythons, are_those_that_start_and_are_still_there) {
  const world::ScratchDirectory scratch;
  const std::string before = getenv("PATH");
  setenv("PATH", concat(scratch.path(), "/broken:", scratch.path(), "/whole:", before).c_str(), 1);
  for (const auto& [folder, status] : {std::pair("broken", 127), std::pair("whole", 0)}) {
    ASSERT_TRUE(world::make_directories(concat(scratch.path(), "/", folder), 0755));
    ASSERT_TRUE(world::write_file_atomically(concat(scratch.path(), "/", folder, "/python3.99"),
                                             concat("#!/bin/sh\nexit ", status, "\n"), 0755));
  }
  Pythons pythons("");
  const std::string whole = scratch.path() + "/whole/python3.99";
  EXPECT_EQ(pythons.program_for("python3.99").value(), whole);
  ASSERT_TRUE(world::remove_file(whole));
  EXPECT_NE(pythons.program_for("python3.99").value(), whole);
  setenv("PATH", before.c_str(), 1);
}

Result<void> goes_on() { return {}; }

TEST(unpack, writes_files_with_their_modes_directories_and_links) {
  const world::ScratchDirectory scratch;
  const std::string zip = zipped({{"bootstrap", "#!", S_IFREG, 0755},
                                  {"lib/deep/a.txt", "abc"},
                                  {"lib/link", "deep/a.txt", S_IFLNK},
                                  {"lib/deep/up", "../../bootstrap", S_IFLNK},
                                  {"empty/", "", S_IFDIR}});
  EXPECT_EQ(unpack(zip, scratch.path(), goes_on).value(), 5u);
  EXPECT_EQ(world::read_file(scratch.path() + "/lib/link").value(), "abc");
  EXPECT_EQ(world::read_file(scratch.path() + "/lib/deep/up").value(), "#!");
  EXPECT_EQ(world::file_mode(scratch.path() + "/bootstrap").value() & 0100, 0100u);
  EXPECT_EQ(world::file_mode(scratch.path() + "/lib/deep/a.txt").value() & 0111, 0u);
  EXPECT_TRUE(world::is_directory(scratch.path() + "/empty"));
}

TEST(unpack, refuses_what_leads_outside) {
  const world::ScratchDirectory scratch;
  const std::vector<std::vector<Entry>> archives = {
      {{"../outside", "x"}},
      {{"/outside", "x"}},
      {{"a/../../outside", "x"}},
      {{"link", "/etc", S_IFLNK}},
      {{"link", "..", S_IFLNK}},
      {{"a/link", "../../x", S_IFLNK}},
      {{"a/link", "b/../..", S_IFLNK}},
  };
  for (size_t number = 0; number < archives.size(); ++number) {
    const std::string inner = concat(scratch.path(), "/", number, "/inner");
    ASSERT_TRUE(world::make_directories(inner, 0755).has_value());
    EXPECT_FALSE(unpack(zipped(archives[number]), inner, goes_on).has_value()) << number;
    EXPECT_FALSE(world::exists(concat(scratch.path(), "/", number, "/outside"))) << number;
    EXPECT_FALSE(world::exists(inner + "/link")) << number;
  }
}

TEST(unpack, writes_nothing_through_a_link) {
  const world::ScratchDirectory scratch;
  const std::string inner = scratch.path() + "/inner";
  ASSERT_TRUE(world::make_directories(inner, 0755).has_value());
  const auto unpacked = unpack(zipped({{"a", ".", S_IFLNK}, {"a/b", "x"}}), inner, goes_on);
  EXPECT_FALSE(unpacked.has_value());
}

TEST(unpack, counts_directories_as_it_counts_files) {
  const world::ScratchDirectory scratch;
  std::vector<Entry> entries;
  for (int number = 0; number < 1000; ++number) {
    std::string path = concat(number);
    for (int depth = 0; depth < 400; ++depth) path += "/d";
    entries.push_back({path + "/x", ""});
  }
  const auto unpacked = unpack(zipped(entries), scratch.path(), goes_on);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_EQ(unpacked.error().code(), ErrorCode::limit_exceeded);
}

TEST(unpack, refuses_a_directory_that_holds_data) {
  const world::ScratchDirectory scratch;
  const auto unpacked = unpack(zipped({{"a/", "data", S_IFDIR}}), scratch.path(), goes_on);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_THAT(unpacked.error().message(), HasSubstr("the entry a/ of the zip file"));
}

TEST(unpack, names_an_entry_that_is_compressed_as_nobody_else_can_read) {
  const world::ScratchDirectory scratch;
  std::string zip = zipped({{"plain", "x"}, {"strange", "y"}});
  // The method, in the second entry of the directory at the end.
  const size_t at = zip.rfind("PK\1\2") + 10;
  zip[at] = 93;
  const auto unpacked = unpack(zip, scratch.path(), goes_on);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_THAT(unpacked.error().message(),
              HasSubstr("the entry strange of the zip file is compressed by method 93"));
}

TEST(unpack, refuses_what_is_neither_file_nor_directory_nor_link) {
  const world::ScratchDirectory scratch;
  EXPECT_FALSE(unpack(zipped({{"pipe", "", S_IFIFO}}), scratch.path(), goes_on).has_value());
  EXPECT_FALSE(world::exists(scratch.path() + "/pipe"));
}

TEST(unpack, reads_no_modes_of_systems_that_have_none) {
  const world::ScratchDirectory scratch;
  const std::string zip = zipped({{"file", "x", S_IFIFO, 0755}}, ZIP_OPSYS_DOS);
  EXPECT_EQ(unpack(zip, scratch.path(), goes_on).value(), 1u);
  EXPECT_EQ(world::file_mode(scratch.path() + "/file").value() & 0111, 0u);
}

TEST(unpack, says_what_is_wrong_with_bytes_that_are_damaged) {
  const world::ScratchDirectory scratch;
  std::string zip = zipped({{"a", std::string(20'000, 'x') + "the end"}});
  zip[40] ^= 1;
  const auto unpacked = unpack(zip, scratch.path(), goes_on);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_THAT(unpacked.error().message(), HasSubstr("the zip file cannot be read: "));
}

TEST(unpack, keeps_some_of_the_disk_free) {
  constexpr uint64_t mib = 1 << 20;
  const auto is_room = [](uint64_t needed, uint64_t free, uint64_t whole) {
    return check_room(needed * mib, {free * mib, whole * mib}, "/data").has_value();
  };
  EXPECT_TRUE(is_room(60, 61, 20));
  EXPECT_FALSE(is_room(60, 61, 40));
  EXPECT_TRUE(is_room(60, 124, 10'000));
  EXPECT_FALSE(is_room(60, 123, 10'000));
  EXPECT_FALSE(is_room(60, 59, 0));
  const Error refused = check_room(60 * mib, {20 * mib, 40 * mib}, "/data").error();
  EXPECT_EQ(refused.code(), ErrorCode::out_of_space);
  EXPECT_THAT(refused.message(), HasSubstr("in /data"));
}

TEST(unpack, refuses_an_entry_that_is_larger_than_the_zip_file_says) {
  const world::ScratchDirectory scratch;
  std::string zip = zipped({{"small", std::string(100'000, 'x')}});
  // Its size, in the directory at the end and before its data.
  for (const size_t at : {zip.rfind("PK\1\2") + 24, zip.find("PK\3\4") + 22})
    zip.replace(at, 4, std::string("\1\0\0\0", 4));
  const auto unpacked = unpack(zip, scratch.path(), goes_on);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_LE(world::tree_bytes(scratch.path()).value(), 1u);
}

TEST(unpack, is_broken_off_between_two_entries) {
  const world::ScratchDirectory scratch;
  const auto stops = [&]() -> Result<void> {
    if (world::exists(scratch.path() + "/2")) return Error(ErrorCode::unavailable, "stopping");
    return {};
  };
  const auto unpacked = unpack(zipped({{"1", "x"}, {"2", "y"}, {"3", "z"}}), scratch.path(), stops);
  ASSERT_FALSE(unpacked.has_value());
  EXPECT_EQ(unpacked.error().code(), ErrorCode::unavailable);
  EXPECT_FALSE(world::exists(scratch.path() + "/3"));
}

TEST(unpack, refuses_what_is_no_zip_file) {
  const world::ScratchDirectory scratch;
  const std::string half = zipped({{"a", std::string(999, 'x')}}).substr(0, 60);
  for (const std::string& bytes : {std::string("no zip"), std::string(), half})
    EXPECT_FALSE(unpack(bytes, scratch.path(), goes_on).has_value());
}

CodeSource source(const std::string& content) {
  return {Code::Kind::archive, zipped({{"f", content}}), {}};
}

TEST(shelf, keeps_functions_and_clears_what_a_crash_has_left) {
  const world::ScratchDirectory scratch;
  Shelf shelf(scratch.path() + "/functions");
  ASSERT_TRUE(shelf.load().value().empty());
  Definition definition;
  definition.name = "a";
  definition.environment = {{"X", "1"}};
  definition.reserved_concurrency = 3;
  const auto place = [&](const std::string& name, const std::string& content) {
    auto code = shelf.make_ready(source(content), goes_on).value();
    return shelf.place(name, code).value();
  };
  definition.code = place("a", "1");
  ASSERT_TRUE(shelf.save(definition).has_value());
  place("a", "2");
  place("half", "3");
  const auto unplaced = shelf.make_ready(source("4"), goes_on).value();

  const auto loaded = Shelf(scratch.path() + "/functions").load().value();
  ASSERT_EQ(loaded.size(), 1u);
  EXPECT_EQ(to_json(loaded[0]), to_json(definition));
  EXPECT_EQ(world::list_directory(shelf.directory()).value(), std::vector<std::string>{"a"});
  EXPECT_EQ(world::list_directory(shelf.folder("a") + "/code").value().size(), 1u);
  EXPECT_EQ(world::read_file(shelf.task_root(loaded[0]) + "/f").value(), "1");
  ASSERT_TRUE(shelf.forget("a").has_value());
  EXPECT_TRUE(shelf.load().value().empty());
  EXPECT_FALSE(world::exists(shelf.folder("a")));
}

class host : public ::testing::Test {
 protected:
  static Definition named(const std::string& name) {
    Definition definition;
    definition.name = name;
    return definition;
  }
  std::string content_of(const Host::DefinitionPointer& function) {
    const std::string place = concat("/a/code/", function->code.place, "/f");
    return world::read_file(directory_ + place).value();
  }
  std::vector<std::string> unpacked() {
    return world::list_directory(directory_ + "/.unpacked").value();
  }

  const world::ScratchDirectory scratch_;
  const std::string directory_ = scratch_.path() + "/functions";
  const std::unique_ptr<Host> host_ = Host::open(directory_, {}).value();
};

TEST_F(host, gives_a_name_to_one_of_two_that_are_created_at_once) {
  {
    auto one = host_->make_ready(source("one")).value();
    auto other = host_->make_ready(source("other")).value();
    EXPECT_EQ(unpacked().size(), 2u);
    EXPECT_EQ(content_of(host_->create(named("a"), std::move(other)).value()), "other");
    const auto refused = host_->create(named("a"), std::move(one));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().code(), ErrorCode::already_exists);
  }
  EXPECT_THAT(unpacked(), IsEmpty());
  EXPECT_EQ(content_of(host_->find("a")), "other");
  EXPECT_EQ(world::list_directory(directory_ + "/a/code").value().size(), 1u);
}

TEST_F(host, gives_code_to_no_function_that_has_changed_or_gone_while_it_was_unpacked) {
  ASSERT_TRUE(host_->create(named("a"), host_->make_ready(source("old")).value()).has_value());
  const std::string revision = host_->find("a")->revision;
  const auto is_as_before = [&](const Definition& definition) -> Result<void> {
    if (definition.revision == revision) return {};
    return Error(ErrorCode::conflict, "changed");
  };
  const auto update = [&] {
    auto code = host_->make_ready(source("new")).value();
    return host_->update_code("a", std::move(code), is_as_before);
  };
  ASSERT_TRUE(host_->update("a", [](Definition&) { return Result<void>(); }).has_value());
  EXPECT_EQ(update().error().code(), ErrorCode::conflict);
  EXPECT_EQ(content_of(host_->find("a")), "old");
  ASSERT_TRUE(host_->remove("a").has_value());
  EXPECT_EQ(update().error().code(), ErrorCode::not_found);
  EXPECT_THAT(unpacked(), IsEmpty());
  EXPECT_FALSE(world::exists(directory_ + "/a"));
}

TEST_F(host, unpacks_nothing_more_once_it_is_drained) {
  std::latch has_begun(1), may_go_on(1), has_ended(1);
  std::optional<ErrorCode> ended_with;
  host_->unpack_later(
      [&] {
        has_begun.count_down();
        may_go_on.wait();
        ended_with = host_->make_ready(source("one")).error().code();
        has_ended.count_down();
      },
      [] { FAIL() << "it had begun"; });
  has_begun.wait();
  int refused = 0;
  const auto refuse = [&] { ++refused; };
  const auto never = [] { FAIL() << "it was refused"; };
  host_->unpack_later(never, refuse);
  host_->drain();
  EXPECT_EQ(refused, 1);
  host_->unpack_later(never, refuse);
  host_->do_later(never, refuse);
  EXPECT_EQ(refused, 3);
  may_go_on.count_down();
  has_ended.wait();
  EXPECT_EQ(ended_with, ErrorCode::unavailable);
  EXPECT_THAT(unpacked(), IsEmpty());
}

TEST(log_file, is_kept_within_its_size_and_read_from_its_end) {
  const world::ScratchDirectory scratch;
  const std::string path = scratch.path() + "/log";
  LogFile file(path);
  const std::string line = std::string(99, 'x') + "\n";
  for (int number = 0; number < 500'000; ++number) file.append(line);
  file.append("the end\n");
  file.flush();
  EXPECT_LE(world::tree_bytes(scratch.path()).value(), 33u << 20);
  EXPECT_EQ(end_of_log(path, 150).value(), line + "the end\n");
  EXPECT_EQ(end_of_log(path + "-none", 150).value(), "");
}

TEST(log_file, has_lines_of_ours_begin_where_lines_do) {
  const world::ScratchDirectory scratch;
  LogFile file(scratch.path() + "/log");
  file.append_line("START");
  file.append("no end");
  file.append("");
  file.append_line("END");
  file.append("end\n");
  file.append_line("END");
  file.flush();
  EXPECT_EQ(end_of_log(scratch.path() + "/log", 99).value(), "START\nno end\nEND\nend\nEND\n");
}

TEST(answer, is_the_outcome_of_a_task) {
  const auto failure = [](const Answer& answer) { return outcome_of(answer, "ARN").error(); };
  EXPECT_EQ(outcome_of({.payload = "[1]"}, "ARN").value(), json::parse("[1]").value());
  EXPECT_TRUE(outcome_of({.payload = ""}, "ARN").value().is_null());
  EXPECT_EQ(failure(error_answer("Own", "why")).error, "Own");
  EXPECT_THAT(failure(error_answer("Own", "why")).cause, HasSubstr("\"errorMessage\":\"why\""));
  EXPECT_EQ(failure({.kind = Answer::Kind::error, .payload = "text"}).error, "Lambda.Unknown");
  EXPECT_EQ(failure({.kind = Answer::Kind::throttled}).error, "Lambda.TooManyRequestsException");
  EXPECT_EQ(failure({.kind = Answer::Kind::not_found}).cause, "Function not found: ARN");
}

TEST(errands, are_done_in_their_order_and_those_that_are_due_to_the_end) {
  std::vector<int> done;
  {
    Errands errands;
    std::latch may_begin(1);
    errands.add([&] { may_begin.wait(); });
    errands.add_after(hours(1), [&] { done.push_back(0); });
    for (int number = 1; number <= 3; ++number)
      errands.add([&, number] { done.push_back(number); });
    may_begin.count_down();
  }
  EXPECT_THAT(done, ElementsAre(1, 2, 3));
}

TEST(errands, that_are_asked_for_are_refused_where_they_have_not_begun) {
  std::vector<int> done, refused;
  {
    Errands errands;
    std::latch has_begun(1), may_go_on(1);
    const auto ask = [&](int number) {
      errands.ask([&, number] { done.push_back(number); },
                  [&, number] { refused.push_back(number); });
    };
    errands.ask(
        [&] {
          has_begun.count_down();
          may_go_on.wait();
          done.push_back(1);
        },
        [&] { refused.push_back(1); });
    ask(2);
    errands.add([&] { done.push_back(3); });
    has_begun.wait();
    errands.refuse_asked();
    ask(4);
    EXPECT_THAT(refused, ElementsAre(2, 4));
    may_go_on.count_down();
  }
  EXPECT_THAT(done, ElementsAre(1, 3));
  EXPECT_THAT(refused, ElementsAre(2, 4));
}

}  // namespace
}  // namespace pawl::functions::processes
