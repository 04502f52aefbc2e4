#pragma once

#include <functional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace pawl::fuzz {

// Deterministic mutation fuzzing: a seed alone says which text of the corpus is taken and what is
// done to it, so that a seed that ends the program can be run again by itself.

using Random = std::mt19937_64;

struct Corpus {
  std::vector<std::string> texts;
  std::vector<std::string> words;  // put in here and there
};

// The text of this seed.
std::string mutated(const Corpus& corpus, Random& random);

// One thing that is fed with texts. It ends the program where something is wrong: a CHECK, a
// sanitizer, require().
struct Target {
  std::string name;
  Corpus corpus;
  std::function<void(const std::string& text, Random& random)> run;
};

// Ends the program, with the line that replays the seed, where the condition does not hold.
void require(bool condition, std::string_view what);

// PROGRAM TARGET [--seed N] [--iterations N | --seconds N]. One seed that takes longer than
// seed_seconds_max is a failure too.
int run_targets(const std::vector<Target>& targets, int count, char** words);

constexpr unsigned seed_seconds_max = 20;

// What any JSON text may be broken with, and more of one kind of text.
std::vector<std::string> json_words_and(std::vector<std::string> more);

// The corpora, from tests/golden, pipelines and docs/examples.
std::vector<std::string> definitions();
// All texts within them that begin as said: "$", "States.", "{%".
std::vector<std::string> texts_within(const std::vector<std::string>& documents,
                                      std::string_view beginning);

}  // namespace pawl::fuzz
