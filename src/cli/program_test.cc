#include "cli/program.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// What the last verb was told.
struct Told {
  std::string name;
  std::vector<std::string> priorities;
  std::optional<int64_t> concurrency;
  std::optional<Duration> stagger;
  std::string server;
  Format format = Format::table;
  bool is_utc = false;
};
Told told;

class Probe : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", told_.name, "a name");
    arguments.option("--priority", told_.priorities, "NAME=N");
    arguments.number("--concurrency", told_.concurrency, {1, 10}, "so many");
    arguments.duration("--stagger", told_.stagger, "a length of time");
  }
  Result<int> run(const Session& session) override {
    told = told_;
    told.server = session.client.url();
    told.format = session.style.format;
    told.is_utc = session.style.is_utc;
    if (told.name == "missing") return Error(ErrorCode::not_found, "missing does not exist");
    if (told.name == "gone") return Error(ErrorCode::unavailable, "no answer");
    return told.name == "partly" ? exit_partly : exit_done;
  }

 private:
  Told told_;
};

std::unique_ptr<Verb> probe() { return std::make_unique<Probe>(); }
const VerbRow rows[] = {{"fleet restore", "a test", probe}, {"serve", "another", probe}};

struct Ran {
  int code;
  std::string out, err;
};

Ran run(std::vector<std::string> words) {
  told = {};
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const int code = run_program(rows, std::move(words));
  fflush(stdout);
  fflush(stderr);
  return {code, testing::internal::GetCapturedStdout(), testing::internal::GetCapturedStderr()};
}

TEST(program, reads_the_options_of_a_verb_and_those_of_every_verb) {
  const Ran ran =
      run({"fleet", "restore", "--priority", "a=1", "db", "--priority=b=2", "--concurrency", "2",
           "--stagger", "2m", "--json", "--utc", "--server", "http://host:1/"});
  EXPECT_EQ(ran.code, 0) << ran.err;
  EXPECT_EQ(told.name, "db");
  EXPECT_THAT(told.priorities, testing::ElementsAre("a=1", "b=2"));
  EXPECT_EQ(told.concurrency, 2);
  EXPECT_EQ(told.stagger, minutes(2));
  EXPECT_EQ(told.format, Format::json);
  EXPECT_TRUE(told.is_utc);
  EXPECT_EQ(told.server, "http://host:1");
}

TEST(program, common_options_may_stand_before_the_verb) {
  EXPECT_EQ(run({"--server", "host:2", "-o", "jsonl", "serve", "x"}).code, 0);
  EXPECT_EQ(told.server, "http://host:2");
  EXPECT_EQ(told.format, Format::jsonl);
}

TEST(program, every_kind_of_end_has_its_exit_code) {
  EXPECT_EQ(run({"serve", "x"}).code, 0);
  EXPECT_EQ(run({"serve", "partly"}).code, 8);
  EXPECT_EQ(run({"serve", "missing"}).code, 3);
  EXPECT_EQ(run({"serve", "gone"}).code, 6);
  EXPECT_EQ(run({"serve"}).code, 2);
  EXPECT_EQ(run({}).code, 2);
  EXPECT_EQ(run({"help"}).code, 0);
}

TEST(program, an_error_is_told_on_standard_error_only) {
  const Ran ran = run({"serve", "missing"});
  EXPECT_EQ(ran.out, "");
  EXPECT_EQ(ran.err, "pawl: missing does not exist\n");
}

TEST(program, an_error_is_one_json_object_where_json_is_asked_for) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"serve", "missing", "--json"},
        {"serve", "missing", "-o", "jsonl"}}) {
    const Ran ran = run(words);
    EXPECT_EQ(ran.code, 3);
    EXPECT_EQ(ran.out, "");
    EXPECT_EQ(ran.err, R"({"error":{"code":"not_found","message":"missing does not exist"}})"
                       "\n");
  }
  EXPECT_THAT(run({"serv", "--json"}).err, testing::HasSubstr(R"("hint":"Did you mean)"));
  EXPECT_THAT(run({"serve", "x", "--concurency", "1", "--output=json"}).err,
              testing::StartsWith(R"({"error":{"code":"invalid_argument")"));
}

TEST(program, an_unknown_verb_or_option_is_answered_with_what_was_meant) {
  EXPECT_THAT(run({"serv"}).err, testing::HasSubstr("Did you mean `pawl serve`?"));
  EXPECT_THAT(run({"fleet", "restor"}).err,
              testing::HasSubstr("Did you mean `pawl fleet restore`?"));
  EXPECT_THAT(run({"flet", "restore"}).err,
              testing::HasSubstr("Did you mean `pawl fleet restore`?"));
  EXPECT_THAT(run({"queue", "delete", "q"}).err,
              testing::HasSubstr("then `aws batch delete-job-queue --job-queue q`"));
  const Ran ran = run({"serve", "x", "--concurency", "1"});
  EXPECT_EQ(ran.code, 2);
  EXPECT_THAT(ran.err, testing::HasSubstr("unknown option --concurency"));
  EXPECT_THAT(ran.err, testing::HasSubstr("Did you mean --concurrency?"));
}

TEST(program, a_wrong_value_is_refused_and_says_what_would_be_right) {
  EXPECT_THAT(run({"serve", "x", "--concurrency", "11"}).err,
              testing::HasSubstr("\"11\" is not a whole number from 1 to 10"));
  EXPECT_THAT(run({"serve", "x", "--stagger", "soon"}).err,
              testing::HasSubstr("\"soon\" is not a length of time"));
  EXPECT_EQ(run({"serve", "x", "-o", "xml"}).code, 2);
}

TEST(program, help_goes_to_standard_output_and_names_every_verb_that_is_not_hidden) {
  const Ran ran = run({"--help"});
  EXPECT_THAT(ran.out,
              testing::AllOf(testing::HasSubstr("fleet restore"), testing::HasSubstr("serve")));
  EXPECT_THAT(run({"fleet"}).out, testing::Not(testing::HasSubstr("serve")));
  EXPECT_THAT(run({"fleet", "restore", "--help"}).out, testing::HasSubstr("--stagger"));
}

TEST(program, every_verb_of_the_table_declares_its_options) {
  for (const VerbRow& row : client_verbs()) {
    const auto verb = row.make();
    Arguments arguments(row.name, row.summary);
    verb->declare(arguments);
    const auto help = arguments.parse({"--help"});
    ASSERT_TRUE(help) << row.name;
    EXPECT_TRUE(help->has_value()) << row.name;
  }
}

}  // namespace
}  // namespace pawl::cli
