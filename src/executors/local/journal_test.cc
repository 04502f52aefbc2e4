#include "executors/local/journal.h"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

#include "base/text.h"
#include "executors/local/attempt_name.h"
#include "world/files.h"
#include "world/scratch_directory.h"

namespace pawl::executors {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

Track track(const std::string& job_id, Phase phase) {
  Track track{.attempt = {job_id, 7, 2}, .phase = phase};
  track.pid = 4711;
  track.started = {100, 101};
  track.share = {.pool = "arn:aws:batch:us-east-1:0:compute-environment/two slots",
                 .vcpus = 0.25,
                 .memory_mib = 512};
  track.ended_at = Instant(seconds(1));
  track.ending = {.status = 137, .is_out_of_memory = true, .reason = "too\nmuch"};
  return track;
}

std::vector<std::string> lines_of(const JournalContent& content) {
  std::vector<std::string> lines;
  for (const Track& each : content.tracks) lines.push_back(line_of(each));
  return lines;
}

TEST(journal, says_again_what_it_was_told) {
  const world::ScratchDirectory scratch;
  const std::vector<Track> tracks = {track("a", Phase::begun), track("b", Phase::spawned),
                                     track("c", Phase::ended), track("d", Phase::lost)};
  ASSERT_TRUE(Journal::write(scratch.path(), tracks));
  const auto read = Journal::read(scratch.path());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->trust, Trust::whole);
  EXPECT_THAT(lines_of(*read), UnorderedElementsAre(line_of(tracks[0]), line_of(tracks[1]),
                                                    line_of(tracks[2]), line_of(tracks[3])));
}

TEST(journal, knows_of_what_has_ended_when_it_began) {
  const world::ScratchDirectory scratch;
  ASSERT_TRUE(Journal::write(scratch.path(), {track("c", Phase::ended), track("d", Phase::lost)}));
  const auto read = Journal::read(scratch.path());
  ASSERT_TRUE(read);
  ASSERT_EQ(read->tracks.size(), 2u);
  for (const Track& each : read->tracks) {
    EXPECT_TRUE(each.phase == Phase::ended || each.phase == Phase::lost);
    EXPECT_EQ(each.started.from, 100);
    EXPECT_EQ(each.started.until, 101);
  }
}

TEST(journal, forgets_what_is_settled) {
  const world::ScratchDirectory scratch;
  auto journal = Journal::write(scratch.path(), {track("a", Phase::begun)});
  ASSERT_TRUE(journal);
  journal->add(line_of(track("b", Phase::begun)));
  journal->add(settled_line({"a", 7, 2}));
  ASSERT_TRUE(journal->flush());
  EXPECT_THAT(lines_of(*Journal::read(scratch.path())), ElementsAre("begin b:7#2\n"));
}

// No byte beyond what the files have now can be written while this is there.
class FullDisk {
 public:
  explicit FullDisk(uint64_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit full{bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &full);
    ::signal(SIGXFSZ, SIG_IGN);
  }
  ~FullDisk() { ::setrlimit(RLIMIT_FSIZE, &before_); }

 private:
  rlimit before_{};
};

TEST(journal, has_no_half_of_a_line_after_the_disk_was_full) {
  const world::ScratchDirectory scratch;
  auto journal = Journal::write(scratch.path(), {});
  ASSERT_TRUE(journal);
  {
    const FullDisk disk(journal->bytes() + 20);
    journal->add("begin waits#1\n");
    EXPECT_FALSE(journal->flush_with("begin refused#1\n"));
    EXPECT_EQ(world::read_file(scratch / "journal")->size(), journal->bytes());
  }
  ASSERT_TRUE(journal->flush());
  EXPECT_THAT(lines_of(*Journal::read(scratch.path())), ElementsAre("begin waits#1\n"));
}

TEST(journal, of_another_life_or_none_says_so) {
  const world::ScratchDirectory scratch;
  EXPECT_EQ(Journal::read(scratch.path())->trust, Trust::damaged);
  for (const char* text : {"", "pawl-executor 1", "pawl-executor 1 another boot\n"}) {
    ASSERT_TRUE(world::write_file_atomically(scratch / "journal", text, 0600));
    EXPECT_EQ(Journal::read(scratch.path())->trust, Trust::other_life) << text;
  }
}

TEST(journal, of_another_version_is_refused) {
  const world::ScratchDirectory scratch;
  ASSERT_TRUE(world::write_file_atomically(scratch / "journal",
                                           concat("pawl-executor 2 ", host_life(), "\n"), 0600));
  const auto read = Journal::read(scratch.path());
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code(), ErrorCode::unsupported);
}

TEST(attempt_names, are_read_as_they_were_written) {
  for (const Attempt& attempt : {Attempt{"a-1", 9999, 10}, Attempt{"b", std::nullopt, 1}})
    EXPECT_EQ(parse_name(to_name(attempt)), attempt);
  for (const char* text : {"", "#1", "a", "a#", "a#x", "a:#1", "a:x#1", "a:1:2#1", "a b#1", "a#-1",
                           "a:-1#1", "a#99999999999", "../a#1"})
    EXPECT_FALSE(parse_name(text)) << text;
}

}  // namespace
}  // namespace pawl::executors
