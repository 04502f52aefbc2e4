#include "cli/output.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/progress_line.h"
#include "cli/terminal.h"
#include "cli/units.h"

namespace pawl::cli {
namespace {

using json::Value;

Listing two_snapshots() {
  Listing listing;
  listing.rows = {Value::object({{"cluster", "customer-db"}, {"bytes", 1'400'000'000}}),
                  Value::object({{"cluster", "a, \"b\""}, {"bytes", 12'000}})};
  listing.columns = {{"CLUSTER", text_of("cluster")},
                     Listing::bytes("SIZE", "bytes"),
                     {"TIER", text_of("tier"), Table::Align::left, true}};
  listing.name_member = "cluster";
  return listing;
}

std::string shown_as(Format format, bool has_headers = true) {
  return render(two_snapshots(), {.format = format, .has_headers = has_headers});
}

TEST(output, a_table_is_as_wide_as_its_widest_cells) {
  EXPECT_EQ(shown_as(Format::table),
            "CLUSTER         SIZE\n"
            "customer-db   1.4 GB\n"
            "a, \"b\"       12.0 kB\n");
}

TEST(output, the_wide_table_has_the_columns_that_others_leave_out) {
  EXPECT_EQ(shown_as(Format::wide, false),
            "customer-db   1.4 GB  -\n"
            "a, \"b\"       12.0 kB  -\n");
}

TEST(output, scripts_get_one_document_or_one_line_each) {
  EXPECT_EQ(shown_as(Format::jsonl),
            "{\"cluster\":\"customer-db\",\"bytes\":1400000000}\n"
            "{\"cluster\":\"a, \\\"b\\\"\",\"bytes\":12000}\n");
  EXPECT_THAT(shown_as(Format::json), testing::StartsWith("[\n"));
  EXPECT_EQ(shown_as(Format::name), "customer-db\na, \"b\"\n");
  EXPECT_EQ(shown_as(Format::csv),
            "CLUSTER,SIZE (bytes),TIER\ncustomer-db,1400000000,-\n"
            "\"a, \"\"b\"\"\",12000,-\n");
}

TEST(output, moments_of_the_service_are_told_as_rfc_3339) {
  const Value answer = Value::object(
      {{"startDate", 1795227484.25},
       {"attempt", 2},
       {"input", R"({"startDate": 1})"},
       {"activities", Value::array({Value::object({{"since", 1795227484}, {"due", Value()}})})}});
  EXPECT_EQ(with_moments(answer),
            Value::object(
                {{"startDate", "2026-11-21T02:18:04.250Z"},
                 {"attempt", 2},
                 {"input", R"({"startDate": 1})"},
                 {"activities", Value::array({Value::object({{"since", "2026-11-21T02:18:04.000Z"},
                                                             {"due", Value()}})})}}));
}

TEST(output, moments_of_functions_are_as_all_others) {
  const auto function = Value::object({{"LastModified", "2026-11-21T02:18:04.250+0000"}});
  EXPECT_EQ(with_moments(function)["LastModified"], Value("2026-11-21T02:18:04.250Z"));
}

TEST(output, an_empty_list_prints_nothing_to_people_and_an_empty_list_to_scripts) {
  Listing listing = two_snapshots();
  listing.rows.clear();
  EXPECT_EQ(render(listing, {.format = Format::table}), "");
  EXPECT_EQ(render(listing, {.format = Format::json}), "[]\n");
}

TEST(output, moments_are_understood_in_both_of_their_forms) {
  EXPECT_EQ(moment_text(Value(1795227484.5), true), "2026-11-21 02:18:04 UTC");
  EXPECT_EQ(moment_text(Value("2026-11-21T02:18:04Z"), true), "2026-11-21 02:18:04 UTC");
  EXPECT_EQ(moment_text(Value(), true), "-");
}

TEST(terminal, counts_characters_and_not_bytes_or_colours) {
  EXPECT_EQ(display_width("████ é"), 6u);
  EXPECT_EQ(display_width("\x1b[31mred\x1b[0m"), 3u);
  EXPECT_EQ(fit("customer-db", 8), "custome…");
  EXPECT_EQ(fit("short", 8), "short");
}

TEST(units, read_lengths_of_time_as_people_write_them) {
  EXPECT_EQ(parse_duration("90"), seconds(90));
  EXPECT_EQ(parse_duration("2m"), minutes(2));
  EXPECT_EQ(parse_duration("1h30m"), minutes(90));
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("24h"), hours(24));
  for (const char* wrong : {"", "m", "2 m", "-1s", "2x", "1h30", "s2"}) {
    EXPECT_EQ(parse_duration(wrong), std::nullopt) << wrong;
  }
}

TEST(units, suggest_what_is_written_alike_and_nothing_else) {
  const std::vector<std::string> words = {"execution start", "execution stop", "serve"};
  EXPECT_EQ(nearest("serv", words), "serve");
  EXPECT_EQ(nearest("exeuction start", words), "execution start");
  EXPECT_EQ(nearest("zebra crossing", words), std::nullopt);
}

TEST(progress, a_bar_is_full_only_when_it_is_done) {
  EXPECT_EQ(bar(0, 4, false), "----");
  EXPECT_EQ(bar(0.5, 4, false), "##--");
  EXPECT_EQ(bar(0.999, 4, false), "###-");
  EXPECT_EQ(bar(1, 4, true), "████");
  EXPECT_EQ(bar(7, 4, false), "####");
}

TEST(progress, says_how_far_how_fast_and_how_long_still) {
  RateMeter meter;
  const Instant start = *parse_instant("2026-11-21T02:00:00Z");
  EXPECT_EQ(progress_text({0, 731'000'000, "bytes"}, meter, false), "----------  0 B/731 MB");
  meter.observe(start, 0);
  meter.observe(start + seconds(2), 420'000'000);
  EXPECT_EQ(progress_text({420'000'000, 731'000'000, "bytes"}, meter, false),
            "#####-----  420 MB/731 MB  210 MB/s  ETA 2 s");
}

TEST(progress, a_stalled_copy_has_no_estimate) {
  RateMeter meter;
  const Instant start = *parse_instant("2026-11-21T02:00:00Z");
  meter.observe(start, 5);
  meter.observe(start + seconds(20), 5);
  EXPECT_EQ(meter.remaining(10), std::nullopt);
}

TEST(progress, the_rate_is_that_of_the_last_seconds) {
  RateMeter meter;
  const Instant start = *parse_instant("2026-11-21T02:00:00Z");
  for (int second = 0; second <= 100; ++second) {
    meter.observe(start + seconds(second), static_cast<uint64_t>(second < 50 ? 0 : second - 50));
  }
  EXPECT_EQ(meter.rate(), 1.0);
}

TEST(progress, a_step_that_begins_anew_is_measured_anew) {
  RateMeter meter;
  const Instant start = *parse_instant("2026-11-21T02:00:00Z");
  meter.observe(start, 100);
  meter.observe(start + seconds(1), 200);
  meter.observe(start + seconds(2), 10);
  EXPECT_EQ(meter.rate(), std::nullopt);
}

}  // namespace
}  // namespace pawl::cli
