#include <sysexits.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "arrays/node/node.h"
#include "base/text.h"
#include "world/confinement.h"
#include "world/files.h"

// pawl-worker: what each node of an array run does, as a program by itself. Tens of thousands of it
// are started, so it is linked statically and reads nothing but its environment and its options.

namespace pawl::arrays {
namespace {

constexpr std::string_view usage =
    "usage: pawl-worker procure|process|egress [OPTION VALUE]...\n\n"
    "  procure   makes up 500 points for each id of the node:  prep/data.csv -> data\n"
    "  process   says of each point whether it is above 15000: data -> results\n"
    "  egress    copies the results into the bucket:           results -> BUCKET/RUN/NODE\n";

constexpr std::string_view options =
    "\noptions, and the environment where they are not given\n"
    "  --run DIRECTORY      PAWL_RUN_DIRECTORY         the run on the shared volume\n"
    "  --index N            AWS_BATCH_JOB_ARRAY_INDEX  the node, counted from the first (0)\n"
    "  --first N            PAWL_FIRST_NODE            the node of index 0 (0)\n"
    "  --seed TEXT          PAWL_SEED                  procure: what all values follow from\n"
    "  --layout KIND        PAWL_LAYOUT                procure: bundle, one file for the node, or\n"
    "                                                  files, one for each id (bundle)\n"
    "  --results DIRECTORY  PAWL_RESULTS               egress: the run in the bucket\n"
    "  --sync yes|no        PAWL_SYNC                  write each file through to the disk (no)\n"
    "\n"
    "Every file is seen whole or not at all, and a list of checksums follows it. Each may be run\n"
    "again at any time.\n"
    "\n"
    "exit status: 0 done; 64 wrong usage; 65 what is to be read is missing a part or damaged, and\n"
    "stays so; 75 something that may go by (disk, network): try again\n";

struct Option {
  std::string_view name;
  const char* variable;
};
constexpr Option known[] = {
    {"--run", "PAWL_RUN_DIRECTORY"}, {"--index", "AWS_BATCH_JOB_ARRAY_INDEX"},
    {"--first", "PAWL_FIRST_NODE"},  {"--seed", "PAWL_SEED"},
    {"--layout", "PAWL_LAYOUT"},     {"--results", "PAWL_RESULTS"},
    {"--sync", "PAWL_SYNC"}};

int wrong(std::string_view what) {
  std::fputs(concat("pawl-worker: ", what, "\nhint: See pawl-worker --help.\n").c_str(), stderr);
  return EX_USAGE;
}

Error invalid(std::string what) { return Error(ErrorCode::invalid_argument, std::move(what)); }

// The last of that option, or else the environment's; empty where there is neither.
std::string setting(std::string_view name, std::span<char*> words) {
  for (size_t at = words.size(); at >= 2; at -= 2)
    if (words[at - 2] == name) return words[at - 1];
  for (const Option& option : known) {
    if (option.name != name) continue;
    const char* value = std::getenv(option.variable);
    return value == nullptr ? "" : value;
  }
  return {};
}

Result<void> check_options(std::span<char*> words) {
  for (size_t at = 0; at < words.size(); at += 2) {
    bool is_known = false;
    for (const Option& option : known) is_known = is_known || option.name == words[at];
    if (!is_known) return invalid(concat("unknown option ", words[at]));
    if (at + 1 == words.size()) return invalid(concat(words[at], " needs a value"));
  }
  return {};
}

Result<int64_t> number(std::string_view name, std::span<char*> words) {
  const std::string text = setting(name, words);
  if (text.empty()) return 0;
  const auto value = parse_integer(text);
  if (!value || *value < 0) return invalid(concat(name, " is no number from 0 on: ", text));
  return *value;
}

Result<Node> node_of(std::string_view verb, std::span<char*> words) {
  TRY(check_options(words));
  Node node{.run_directory = setting("--run", words),
            .index = TRY(number("--first", words)) + TRY(number("--index", words)),
            .seed = setting("--seed", words),
            .bucket_directory = setting("--results", words)};
  if (node.run_directory.empty()) return invalid("no run; give --run or PAWL_RUN_DIRECTORY");
  if (verb == "procure" && node.seed.empty()) return invalid("no seed; give --seed or PAWL_SEED");
  if (verb == "egress" && node.bucket_directory.empty())
    return invalid("no bucket; give --results or PAWL_RESULTS");
  const std::string layout = setting("--layout", words), sync = setting("--sync", words);
  if (layout != "" && layout != "bundle" && layout != "files")
    return invalid(concat("no such layout: ", layout));
  if (sync != "" && sync != "yes" && sync != "no") return invalid(concat("--sync is no ", sync));
  if (layout == "files") node.layout = Layout::files;
  node.is_synced = sync == "yes";
  return node;
}

// A node has nothing to do with the files of another one, or of another run. A kernel without
// Landlock leaves that to good manners.
Result<void> confine(const Node& node, std::string_view verb) {
  std::vector<std::string> own = {node_directory(node.run_directory, node.index)};
  if (verb == "egress") {
    own.push_back(node_directory(node.bucket_directory, node.index));
    TRY(world::make_directories(own.back(), 0755));
  }
  const auto confined = world::confine_files_to(own);
  if (!confined && confined.error().code() != ErrorCode::unsupported) return confined;
  return {};
}

using Step = Result<void> (*)(const Node&);

Step step_of(std::string_view verb) {
  if (verb == "procure") return procure;
  if (verb == "process") return process;
  if (verb == "egress") return egress;
  return nullptr;
}

bool asks_for_help(std::span<char*> words) {
  for (const std::string_view word : words)
    if (word == "--help" || word == "-h") return true;
  return false;
}

int run(std::span<char*> words) {
  if (asks_for_help(words)) {
    std::fputs(concat(usage, options).c_str(), stdout);
    return EX_OK;
  }
  if (words.empty()) return wrong("no step is named");
  const std::string_view verb = words[0];
  const Step step = step_of(verb);
  if (step == nullptr) return wrong(concat("unknown step ", verb));
  const auto node = node_of(verb, words.subspan(1));
  if (!node) return wrong(node.error().message());
  auto done = confine(*node, verb);
  if (done) done = step(*node);
  if (done) return EX_OK;
  std::fputs(
      concat("pawl-worker ", verb, ", node ", node->index, ": ", done.error().text(), "\n").c_str(),
      stderr);
  return done.error().code() == ErrorCode::corrupt ? EX_DATAERR : EX_TEMPFAIL;
}

}  // namespace
}  // namespace pawl::arrays

int main(int count, char** words) {
  return pawl::arrays::run({words + 1, static_cast<size_t>(count > 0 ? count - 1 : 0)});
}
