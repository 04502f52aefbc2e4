#include <gmock/gmock.h>

#include "restore/snapshots/archive_tier.h"
#include "restore/space.h"
#include "restore/testing_fleet.h"

// Restores into and out of the compressed tier, and where space is scarce.
namespace pawl::restore {
namespace {

using ::testing::HasSubstr;

TEST(restore_and_archive, stops_before_a_space_limit_is_passed) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.settings.regions["west"].space_limit = 1 << 20;
  const Snapshot snapshot = fleet.take("2024-11-20");
  const auto prepared = fleet.call("prepare-target", TestFleet::input("first"));
  ASSERT_FALSE(prepared.has_value());
  EXPECT_EQ(prepared.error().error, "Restore.OutOfSpace");
  ASSERT_TRUE(fleet.call("copy-snapshot", TestFleet::input("first")).has_value());
  const auto copied = fleet.call("check-copy-status", TestFleet::input("first"));
  ASSERT_FALSE(copied.has_value());
  EXPECT_EQ(copied.error().error, "Restore.OutOfSpace");
  for (const std::string& cause : {prepared.error().cause, copied.error().cause}) {
    EXPECT_THAT(cause, HasSubstr(concat("not enough space in west: ", format_bytes(snapshot.bytes),
                                        " are needed in ", fleet.west().directory,
                                        ", 1.0 MB are "
                                        "free (its space_limit is 1.0 MB); hint: ")));
    EXPECT_THAT(cause, HasSubstr("a higher space_limit"));
  }
}

TEST(restore_and_archive, needs_no_more_space_than_its_copy_has_yet_to_write) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  const Snapshot snapshot = fleet.take("2024-11-20");
  EXPECT_DONE(fleet.call("copy-snapshot", TestFleet::input("first")));
  EXPECT_DONE(fleet.call("check-copy-status", TestFleet::input("first")));
  const std::string folder = Layout(fleet.west()).snapshot("shop", "2024-11-20");
  ASSERT_TRUE(world::remove_file(folder + "/snapshot.json").has_value());
  ASSERT_TRUE(world::remove_tree(folder + "/data/global").has_value());

  const uint64_t there = world::tree_bytes(folder + "/data").value();
  EXPECT_EQ(space_needed({snapshot.directory + "/data", folder + "/data", snapshot.bytes}).value(),
            snapshot.bytes - there);
  // WAL has no checksum in this snapshot and is copied again beside what is there.
  fleet.settings.regions["west"].space_limit = snapshot.bytes + (18 << 20);
  EXPECT_DONE(fleet.call("check-copy-status", TestFleet::input("first")));
}

TEST(restore_and_archive, comes_from_the_archive_where_that_is_all_there_is) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  const Snapshot snapshot = fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.straight_line(TestFleet::input("first")).has_value());

  const auto archived = fleet.call("archive-snapshot", TestFleet::input("first"));
  ASSERT_TRUE(archived.has_value()) << archived.error().cause;
  EXPECT_EQ((*archived)["archive_status"], "archived");
  // Hashes of passwords are in it.
  const std::string folder = Layout(fleet.west()).archive("shop");
  EXPECT_EQ(world::file_mode(folder).value(), 0700u);
  EXPECT_EQ(world::file_mode(folder + "/2024-11-20.tar.zst").value(), 0600u);
  EXPECT_EQ(world::file_mode(folder + "/2024-11-20.json").value(), 0600u);
  EXPECT_FALSE(world::exists(Layout(fleet.west()).snapshot("shop", "2024-11-20")));
  EXPECT_DONE(fleet.call("archive-snapshot", TestFleet::input("first")));

  ASSERT_TRUE(world::remove_tree(snapshot.directory).has_value());
  const auto again = fleet.straight_line(TestFleet::input("second").with("source_region", "west"));
  ASSERT_TRUE(again.has_value()) << again.error().error << ": " << again.error().cause;
  EXPECT_EQ((*again)["verification_status"], "verified");
  // What was unpacked for it is gone again, and the archive is not.
  EXPECT_FALSE(world::exists(Layout(fleet.west()).snapshot("shop", "2024-11-20")));
  EXPECT_TRUE(world::exists(folder + "/2024-11-20.tar.zst"));

  // So it is where there is no space for the restore beside it.
  const uint64_t used = world::tree_bytes(fleet.west().directory).value();
  fleet.settings.regions["west"].space_limit = used + snapshot.bytes + (1 << 20);
  const auto full = fleet.straight_line(TestFleet::input("third").with("source_region", "west"));
  ASSERT_FALSE(full.has_value());
  EXPECT_EQ(full.error().error, "Restore.OutOfSpace");
  EXPECT_FALSE(world::exists(Layout(fleet.west()).snapshot("shop", "2024-11-20")));
}

TEST(restore_and_archive, leaves_the_archive_of_another_snapshot_of_the_date_as_it_is) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  const Snapshot first = fleet.take("2024-11-20");
  ASSERT_TRUE(fleet.straight_line(TestFleet::input("first")).has_value());
  EXPECT_DONE(fleet.call("archive-snapshot", TestFleet::input("first")));
  ASSERT_TRUE(world::remove_tree(first.directory).has_value());

  Snapshot second = fleet.take("2024-11-20");
  for (const char* step : {"copy-snapshot", "check-copy-status", "restore-snapshot"}) {
    const auto refused = fleet.call(step, TestFleet::input("second"));
    ASSERT_FALSE(refused.has_value()) << step;
    EXPECT_EQ(refused.error().error, "Restore.AlreadyExists") << step;
    EXPECT_THAT(refused.error().cause, HasSubstr("snapshot delete shop 2024-11-20 --region west"));
  }
  // Nor does a copy that came there all the same take its place.
  second.region = "west";
  const auto refused = archive(fleet.settings, fleet.source.processes, second, fleet.source.never);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code(), ErrorCode::already_exists);
  const auto kept = list_archived(fleet.settings, "west", "shop").value();
  ASSERT_EQ(kept.size(), 1u);
  EXPECT_EQ(format_instant(kept[0].snapshot.taken), format_instant(first.taken));
}

TEST(restore_and_archive, says_that_a_clean_up_found_the_copy_archived) {
  NEEDS_POSTGRES();
  TestFleet fleet;
  fleet.take("2024-11-20");
  const auto input = TestFleet::input("first").with("cleanup_snapshot", true);
  ASSERT_TRUE(fleet.straight_line(input).has_value());
  EXPECT_DONE(fleet.call("archive-snapshot", input));
  const auto cleaned = fleet.call("cleanup", input);
  ASSERT_TRUE(cleaned.has_value()) << cleaned.error().cause;
  EXPECT_EQ((*cleaned)["cleanup_results"]["snapshot_deleted"], false);
  EXPECT_THAT((*cleaned)["warnings"]["cleanup_snapshot"].string_at("cause").value_or(""),
              HasSubstr("\"archive\": false"));
}

}  // namespace
}  // namespace pawl::restore
