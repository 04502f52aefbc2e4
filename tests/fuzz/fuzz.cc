#include "fuzz.h"

#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>

#include "base/text.h"

#ifdef __SANITIZE_ADDRESS__
extern "C" void __sanitizer_set_death_callback(void (*)());
#endif

namespace pawl::fuzz {
namespace {

// The line that replays the seed at work, kept ready: nothing is made in a dying program.
char replay_line[512];

void print_replay_line() {
  const ssize_t ignored = write(STDERR_FILENO, replay_line, strlen(replay_line));
  (void)ignored;
}

void on_signal(int number) {
  constexpr std::string_view slow = "\nfuzz: this seed takes too long\n";
  if (number == SIGALRM) {
    const ssize_t ignored = write(STDERR_FILENO, slow.data(), slow.size());
    (void)ignored;
  }
  print_replay_line();
  _exit(1);
}

void watch_over_the_end() {
  signal(SIGABRT, on_signal);
  signal(SIGALRM, on_signal);
#ifdef __SANITIZE_ADDRESS__
  __sanitizer_set_death_callback(print_replay_line);
#else
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) signal(number, on_signal);
#endif
}

size_t below(Random& random, size_t bound) { return bound == 0 ? 0 : random() % bound; }

const std::string& any_of(const std::vector<std::string>& texts, Random& random) {
  static const std::string nothing;
  return texts.empty() ? nothing : texts[below(random, texts.size())];
}

void mutate_once(const Corpus& corpus, Random& random, std::string& text) {
  const size_t at = below(random, text.size() + 1);
  const size_t length = below(random, std::min<size_t>(text.size() - at, 40) + 1);
  switch (below(random, 9)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << below(random, 8)));
      return;
    case 1:
      text.insert(at, 1, static_cast<char>(random()));
      return;
    case 2:
      text.erase(at, length);
      return;
    case 3:
      text.insert(below(random, text.size() + 1), text.substr(at, length));
      return;
    case 4:
    case 5:
      text.replace(at, below(random, 2) == 0 ? 0 : length, any_of(corpus.words, random));
      return;
    case 6: {  // a part of another text
      const std::string& other = any_of(corpus.texts, random);
      const size_t from = below(random, other.size() + 1);
      text.replace(at, length, other.substr(from, below(random, 80)));
      return;
    }
    case 7: {  // the same again and again, which nests
      const std::string piece = text.substr(at, std::max<size_t>(length % 8, 1));
      const size_t times = below(random, 12) == 0 ? 600 : below(random, 12);
      std::string pieces;
      for (size_t i = 0; i < times; ++i) pieces += piece;
      text.insert(at, pieces);
      return;
    }
    default:
      text.resize(at);
  }
}

struct Plan {
  uint64_t seed = 1;
  std::optional<int64_t> iterations = {}, seconds = {};
};

std::optional<Plan> plan_of(int count, char** words) {
  Plan plan;
  for (int i = 2; i + 1 < count; i += 2) {
    const auto number = parse_integer(words[i + 1]);
    if (!number || *number < 0) return std::nullopt;
    const std::string_view option = words[i];
    if (option == "--seed") {
      plan.seed = static_cast<uint64_t>(*number);
    } else if (option == "--iterations") {
      plan.iterations = number;
    } else if (option == "--seconds") {
      plan.seconds = number;
    } else {
      return std::nullopt;
    }
  }
  if (count % 2 != 0) return std::nullopt;
  return plan;
}

int run(const Target& target, const char* program, Plan plan) {
  using Clock = std::chrono::steady_clock;
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::seconds(plan.seconds.value_or(0));
  if (!plan.iterations && !plan.seconds) plan.iterations = 1000;
  int64_t done = 0;
  for (uint64_t seed = plan.seed;; ++seed, ++done) {
    if (plan.iterations ? done >= *plan.iterations : Clock::now() >= end) break;
    snprintf(replay_line, sizeof replay_line, "\nreplay: %s %s --seed %llu --iterations 1\n",
             program, target.name.c_str(), static_cast<unsigned long long>(seed));
    alarm(seed_seconds_max);
    Random random(seed);
    target.run(mutated(target.corpus, random), random);
  }
  alarm(0);
  const double seconds = std::chrono::duration<double>(Clock::now() - begin).count();
  printf("fuzz: %s: %lld seeds from %llu on in %.1f s, corpus of %zu texts: clean\n",
         target.name.c_str(), static_cast<long long>(done),
         static_cast<unsigned long long>(plan.seed), seconds, target.corpus.texts.size());
  return 0;
}

}  // namespace

std::string mutated(const Corpus& corpus, Random& random) {
  std::string text = any_of(corpus.texts, random);
  for (size_t left = below(random, 7); left > 0; --left) mutate_once(corpus, random, text);
  return text;
}

void require(bool condition, std::string_view what) {
  if (condition) return;
  fprintf(stderr, "\nfuzz: %.*s\n", static_cast<int>(what.size()), what.data());
  abort();
}

int run_targets(const std::vector<Target>& targets, int count, char** words) {
  const auto plan = plan_of(count, words);
  for (const auto& target : targets) {
    if (!plan || target.name != words[1]) continue;
    if (target.corpus.texts.empty()) {
      fprintf(stderr, "fuzz: %s has no corpus\n", words[1]);
      return 2;
    }
    watch_over_the_end();
    return run(target, words[0], *plan);
  }
  fprintf(stderr, "usage: %s TARGET [--seed N] [--iterations N | --seconds N]; targets:", words[0]);
  for (const auto& target : targets) fprintf(stderr, " %s", target.name.c_str());
  fprintf(stderr, "\n");
  return 2;
}

}  // namespace pawl::fuzz
