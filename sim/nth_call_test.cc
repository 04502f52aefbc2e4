// GCC 12 takes the other alternatives of a variant in an initializer list for uninitialized.
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "base/text.h"
#include "sim/storage.h"
#include "store/testing_store.h"
#include "world/scratch_directory.h"

// Every operation of the store, with its 1st, 2nd, 3rd … call of a file failing, until none is left
// to fail. After each the store is opened again, and holds all that was acknowledged and nothing by
// half; and it goes on from there.
namespace pawl::sim {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;

using store::Store;
using store::Write;

using store::at;
using store::machine;
using store::told;

store::Execution execution(int64_t id, std::string input) {
  store::Execution execution = store::execution(id);
  execution.input = std::move(input);
  return execution;
}

// A life of a store, commit by commit: all kinds of rows, large ones, rows cut in two, and, with
// the limits of SqliteStorage, checkpoints.
std::vector<std::vector<Write>> commits() {
  const std::string large(50'000, 'x');
  std::vector<std::vector<Write>> all = {
      {store::PutMachine{machine("m")}, store::PutTags{"machine:m", {{"key", "value"}}}},
      {store::OpenExecution{execution(1, "{}")}, store::AppendRecord{1, "begin"}},
      {store::OpenExecution{execution(2, large)},
       store::AppendRecord{2, "[" + large + "]", {{1, large.size()}}}},
      {store::AppendRecord{1, std::string(40'000, 'r')}, store::AppendRecord{2, "more"}},
      {store::AppendRecord{1, "last"},
       store::CloseExecution{1, "FAILED", at(5000), "", "An.Error", "the cause"}},
      {store::ReopenExecution{1, at(6000)}, store::AppendRecord{1, "again"}},
      {store::PutMachine{machine("other")},
       store::PutActivity{{.arn = "activity:a", .name = "a", .settings = {}, .created = at(1)}}},
  };
  all.push_back({store::PutDocument{{"queue", "q", "{}"}}, store::PutDocument{{"queue", "r", "{}"}},
                 store::AppendJobChanges{1, "{}"}, store::AppendJobChanges{2, "{}"}});
  all.push_back({store::DeleteDocument{"queue", "r"}, store::AppendJobChanges{1, "[[]]"},
                 store::ForgetJob{2}});
  // More executions than heads of histories may be ahead of their rows.
  for (int64_t id = 3; id <= 12; id += 2) {
    all.push_back({store::OpenExecution{execution(id, "{}")}, store::AppendRecord{id, "begin"},
                   store::OpenExecution{execution(id + 1, "{}")},
                   store::AppendRecord{id + 1, "begin"}});
  }
  all.push_back({store::AppendRecord{3, "end"},
                 store::CloseExecution{3, "SUCCEEDED", at(7000), large, "", ""},
                 store::DeleteMachine{"machine:other"}});
  return all;
}

struct Fault {
  FaultyDisk::Fault fault;
  FaultyDisk::Lasts lasts;
  bool loses_power;  // in the end; otherwise the process dies
};
std::vector<Fault> faults() {
  std::vector<Fault> all;
  for (const auto fault :
       {FaultyDisk::Fault::error, FaultyDisk::Fault::full, FaultyDisk::Fault::torn}) {
    for (const auto lasts : {FaultyDisk::Lasts::one_call, FaultyDisk::Lasts::from_then_on}) {
      for (const bool loses_power : {false, true}) all.push_back({fault, lasts, loses_power});
    }
  }
  return all;
}

// One store on its disk, through its lives.
class Life {
 public:
  explicit Life(uint64_t seed) : storage_(directory_ / "store", seed) {}

  FaultyDisk& disk() { return storage_.disk(); }
  Store& store() { return *store_; }
  Result<void> open() {
    store_ = TRY(storage_.open());
    return {};
  }
  Result<void> commit(size_t count) {
    static const auto all = commits();
    for (; committed_ < count; ++committed_) TRY(store_->commit(all[committed_]));
    return {};
  }
  void crash(bool loses_power) {
    disk().fail_no_more();
    loses_power ? storage_.lose_power() : storage_.lose_process();
    store_.reset();
  }
  // What was there before, or what the last commit made of it.
  void expect(std::initializer_list<std::string> allowed, const std::string& how) {
    const auto opened = open();
    ASSERT_TRUE(opened.has_value()) << how << ": " << opened.error().text();
    const auto now = told(store());
    ASSERT_TRUE(now.has_value()) << how << ": " << now.error().text();
    EXPECT_TRUE(std::ranges::count(allowed, *now) > 0) << how << ", there is:\n" << *now;
  }

 private:
  world::ScratchDirectory directory_{world::memory_or_temporary_directory()};
  SqliteStorage storage_;
  std::unique_ptr<Store> store_;
  size_t committed_ = 0;
};

// What is told after so many commits, when nothing goes wrong.
const std::string& told_after(size_t count) {
  static const std::vector<std::string> all = [] {
    Life life(1);
    EXPECT_TRUE(life.open().has_value());
    std::vector<std::string> told_so_far = {told(life.store()).value()};
    for (size_t count = 1; count <= commits().size(); ++count) {
      EXPECT_TRUE(life.commit(count).has_value());
      told_so_far.push_back(told(life.store()).value());
    }
    return told_so_far;
  }();
  return all[count];
}

std::string describe(const Fault& fault, size_t call) {
  return concat("fault ", static_cast<int>(fault.fault), " at call ", call,
                fault.lasts == FaultyDisk::Lasts::one_call ? "" : " and after",
                fault.loses_power ? ", then a power failure" : ", then a kill");
}

// Of how many commits have been made when one fails.
class nth_call : public ::testing::TestWithParam<size_t> {};
INSTANTIATE_TEST_SUITE_P(commits, nth_call, ::testing::Range<size_t>(0, commits().size()));

TEST_P(nth_call, that_fails_in_a_commit_leaves_all_of_it_or_nothing) {
  const size_t count = GetParam();
  const std::string before = told_after(count), after = told_after(count + 1);
  for (const Fault& fault : faults()) {
    for (size_t call = 1; !HasFatalFailure(); ++call) {
      const std::string how = describe(fault, call);
      Life life(call);
      ASSERT_TRUE(life.open().has_value() && life.commit(count).has_value());
      life.disk().fail_call(call, fault.fault, fault.lasts);
      const bool is_acknowledged = life.commit(count + 1).has_value();
      const bool has_failed = life.disk().has_failed();
      if (!is_acknowledged) {
        life.disk().fail_no_more();
        EXPECT_FALSE(life.store().commit({}).has_value()) << how << ", and it goes on";
      }
      life.crash(fault.loses_power);
      if (is_acknowledged) {
        life.expect({after}, how);
      } else {
        life.expect({before, after}, how);
      }
      if (!has_failed) {
        EXPECT_TRUE(is_acknowledged);
        break;
      }
    }
  }
}

// Where opening finds different things: nothing, a log, a checkpoint behind it.
class nth_call_at_opening : public nth_call {};
INSTANTIATE_TEST_SUITE_P(commits, nth_call_at_opening, ::testing::Values(0, 2, 7, 12));

TEST_P(nth_call_at_opening, that_fails_takes_nothing_away) {
  const size_t count = GetParam();
  const std::string all = told_after(count);
  for (const Fault& fault : faults()) {
    for (size_t call = 1; !HasFatalFailure(); ++call) {
      Life life(call);
      ASSERT_TRUE(life.open().has_value() && life.commit(count).has_value());
      life.crash(call % 2 == 0);
      life.disk().fail_call(call, fault.fault, fault.lasts);
      const auto opened = life.open();
      const bool is_open = opened.has_value();
      if (!is_open) {
        EXPECT_NE(opened.error().code(), ErrorCode::corrupt) << opened.error().text();
      }
      const bool has_failed = life.disk().has_failed();
      life.crash(fault.loses_power);
      life.expect({all}, describe(fault, call));
      if (!has_failed) {
        EXPECT_TRUE(is_open);
        break;
      }
    }
  }
}

// Not as damage, which nobody has seen.
void expect_told(const Error& error, const std::string& how) {
  EXPECT_EQ(error.code(), ErrorCode::failed) << how << ": " << error.text();
  EXPECT_THAT(error.message(), HasSubstr("/pawl.db")) << how;
  EXPECT_THAT(error.message(),
              AnyOf(HasSubstr("Input/output error"), HasSubstr("Stale file handle")))
      << how;
  EXPECT_THAT(error.hint(), HasSubstr("dmesg")) << how;
}

TEST_P(nth_call, that_fails_in_reading_is_told_and_nothing_else_is) {
  const size_t count = GetParam();
  const std::string all = told_after(count);
  for (const Fault& fault : faults()) {
    if (fault.fault == FaultyDisk::Fault::full || fault.loses_power) continue;
    for (size_t call = 1; !HasFatalFailure(); ++call) {
      Life life(call);
      ASSERT_TRUE(life.open().has_value() && life.commit(count).has_value());
      life.disk().fail_call(call, fault.fault, fault.lasts);
      const auto read = told(life.store());
      const bool has_failed = life.disk().has_failed();
      life.disk().fail_no_more();
      if (read.has_value()) {
        EXPECT_EQ(*read, all);
      } else {
        expect_told(read.error(), describe(fault, call));
      }
      EXPECT_EQ(told(life.store()).value(), all) << "after call " << call;
      if (!has_failed) {
        EXPECT_TRUE(read.has_value());
        break;
      }
    }
  }
}

TEST(nth_call_of_a_new_store, that_fails_leaves_none_or_an_empty_one) {
  const std::string nothing = told_after(0);
  for (const Fault& fault : faults()) {
    for (size_t call = 1; !HasFatalFailure(); ++call) {
      Life life(call);
      life.disk().fail_call(call, fault.fault, fault.lasts);
      const bool is_open = life.open().has_value();
      const bool has_failed = life.disk().has_failed();
      life.crash(fault.loses_power);
      life.expect({nothing}, describe(fault, call));
      if (!has_failed) {
        EXPECT_TRUE(is_open);
        break;
      }
    }
  }
}

}  // namespace
}  // namespace pawl::sim
