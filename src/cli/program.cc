#include "cli/program.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "base/text.h"
#include "cli/units.h"
#include "json/write.h"

namespace pawl::cli {
namespace {

// What every verb takes.
struct CommonOptions {
  std::string server, output = "table", color = "auto";
  bool is_json = false, has_no_headers = false, is_utc = false, is_quiet = false;

  void declare(Arguments& arguments) {
    arguments.option("--server", server,
                     "the server's URL (PAWL_SERVER; else as PAWL_CONFIG says)");
    arguments.choice("-o,--output", output, format_names(),
                     "table, wide, json, jsonl, name or csv");
    arguments.flag("--json", is_json, "the same as -o json");
    arguments.flag("--no-headers", has_no_headers, "tables without their first line");
    arguments.flag("--utc", is_utc, "times in UTC, not in the local zone");
    arguments.flag("-q,--quiet", is_quiet, "no remarks");
    arguments.choice("--color", color, {"auto", "always", "never"}, "auto, always or never");
  }

  std::string server_url(const OwnServer& own) const {
    if (!server.empty()) return server;
    const char* variable = std::getenv("PAWL_SERVER");
    return variable != nullptr && *variable != '\0' ? variable : own.url;
  }

  Style style() const {
    return {.format = is_json ? Format::json : format_of(output),
            .has_headers = !has_no_headers,
            .is_utc = is_utc,
            .is_quiet = is_quiet};
  }
};

bool takes_a_value(std::string_view option) {
  static const std::set<std::string_view> options = {"--server", "-o", "--output", "--color"};
  return options.contains(option);
}

// Options that every verb has may stand before the verb as well: they are moved behind it.
void move_leading_options(std::vector<std::string>& words) {
  size_t count = 0;
  while (count < words.size() && words[count].starts_with("-")) {
    count += takes_a_value(words[count]) && count + 1 < words.size() ? 2 : 1;
  }
  std::rotate(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(count), words.end());
}

std::string_view noun_of(const VerbRow& row) { return row.name.substr(0, row.name.find(' ')); }

// The verbs of a noun, or all; without the hidden ones.
std::string overview(std::span<const VerbRow> rows, std::string_view noun) {
  Table table({{""}, {""}, {""}});
  for (const VerbRow& row : rows) {
    if (row.is_hidden || (!noun.empty() && noun_of(row) != noun)) continue;
    table.add({"", std::string(row.name), std::string(row.summary)});
  }
  return concat("Usage: pawl ", noun, noun.empty() ? "" : " ", "VERB [OPTIONS]\n\n",
                noun.empty() ? "Runs batch and recovery pipelines, durably.\n\n" : "",
                table.render(false), "\n`pawl ", noun, noun.empty() ? "" : " ",
                "VERB --help` shows what a verb takes.\n");
}

struct Found {
  const VerbRow* row = nullptr;
  size_t words = 0;
};

Found find_verb(std::span<const VerbRow> rows, const std::vector<std::string>& words) {
  for (const size_t count : {2, 1}) {
    if (words.size() < count) continue;
    const std::string name = count == 2 ? concat(words[0], " ", words[1]) : words[0];
    for (const VerbRow& row : rows) {
      if (row.name == name) return {&row, count};
    }
  }
  return {};
}

// What is asked of us, and is another program's; empty where we know of none.
std::string done_elsewhere(std::string_view asked, const std::vector<std::string>& words) {
  if (asked != "queue delete" && asked != "queue remove") return {};
  const std::string queue = concat(" --job-queue ", words.size() > 2 ? words[2] : "NAME");
  return concat("Write `aws batch update-job-queue", queue,
                " --state DISABLED`, and then `aws batch delete-job-queue", queue, "`.");
}

Error unknown_verb(std::span<const VerbRow> rows, const std::vector<std::string>& words) {
  const bool is_noun = std::any_of(rows.begin(), rows.end(), [&](const VerbRow& row) {
    return noun_of(row) == words[0] && row.name != words[0];
  });
  const bool has_second = words.size() > 1 && !words[1].starts_with("-");
  const std::string asked = has_second ? concat(words[0], " ", words[1]) : words[0];
  const std::string what = concat("unknown verb \"", asked, "\"");
  if (std::string hint = done_elsewhere(asked, words); !hint.empty())
    return Error(ErrorCode::invalid_argument, what, std::move(hint));
  std::vector<std::string> names;
  for (const VerbRow& row : rows) {
    if (row.is_hidden || (is_noun && noun_of(row) != words[0])) continue;
    names.push_back(std::string(is_noun || has_second ? row.name : noun_of(row)));
    if (!is_noun && row.name.find(' ') == row.name.npos) names.push_back(std::string(row.name));
  }
  auto meant = nearest(asked, names);
  if (!meant) meant = nearest(words[0], names);
  return Error(ErrorCode::invalid_argument, what,
               meant ? concat("Did you mean `pawl ", *meant, "`?")
                     : std::string("`pawl help` shows all verbs."));
}

bool asks_for_help(const std::string& word) {
  return word == "help" || word == "--help" || word == "-h";
}

// Before the options are read, which may be wrong themselves.
bool asks_for_json(const std::vector<std::string>& words) {
  for (size_t at = 0; at < words.size() && words[at] != "--"; ++at) {
    const std::string& word = words[at];
    const bool is_output = word == "-o" || word == "--output";
    const std::string form = is_output && at + 1 < words.size() ? words[at + 1] : "";
    for (const std::string_view json : {"json", "jsonl"}) {
      if (form == json || word == concat("-o", json) || word == concat("--output=", json)) {
        return true;
      }
    }
    if (word == "--json") return true;
  }
  return false;
}

// Answers that need no verb: the overviews, and --version.
std::optional<std::string> overview_asked_for(std::span<const VerbRow> rows,
                                              const std::vector<std::string>& words) {
  if (words.empty() || asks_for_help(words[0])) return overview(rows, "");
  if (words[0] == "--version") return concat("pawl ", PAWL_VERSION, "\n");
  const bool is_noun = std::any_of(rows.begin(), rows.end(), [&](const VerbRow& row) {
    return noun_of(row) == words[0] && row.name != words[0];
  });
  if (is_noun && (words.size() == 1 || asks_for_help(words[1]))) return overview(rows, words[0]);
  return std::nullopt;
}

Result<int> run_verb(const VerbRow& row, std::vector<std::string> words, const OwnServer& own) {
  const auto verb = row.make();
  CommonOptions common;
  Arguments arguments(concat("pawl ", row.name), row.summary);
  verb->declare(arguments);
  common.declare(arguments);
  if (const auto help = TRY(arguments.parse(std::move(words)))) {
    Terminal::of_process("auto").print(*help);
    return exit_done;
  }
  const Terminal terminal = Terminal::of_process(common.color);
  const Client client(common.server_url(own), own.credentials);
  return verb->run({terminal, client, common.style()});
}

}  // namespace

void Session::show(const Listing& listing) const {
  terminal.print(render(listing, style));
  if (listing.rows.empty() && style.format <= Format::wide) remark(listing.when_empty);
  // Whatever the format: a script that reads a list takes it for the whole otherwise.
  if (listing.is_cut)
    remark(concat(listing.rows.size(), " shown, and there are more: --limit N shows N"));
}

void Session::show(const json::Value& value) const {
  terminal.print(style.format == Format::jsonl ? json::write(value) + "\n"
                                               : json::write_pretty(value) + "\n");
}

void Session::warn(const json::Value& warnings) const {
  if (!warnings.is_array()) return;
  for (const json::Value& warning : warnings.elements()) {
    terminal.say(concat("warning: ", plain(warning), "\n"));
  }
}

void Session::remark(std::string_view text) const {
  if (!style.is_quiet && !text.empty()) terminal.say(concat(text, "\n"));
}

int conclude(const Terminal& terminal, const Result<int>& result, bool wants_json) {
  if (result) return *result;
  const Error& error = result.error();
  if (wants_json) {
    terminal.say(error_document(
        {.code = name(error.code()), .message = error.message(), .hint = error.hint()}));
    return exit_code(error.code());
  }
  terminal.say(concat("pawl: ", error.message(), "\n"));
  if (!error.hint().empty()) terminal.say(concat("hint: ", error.hint(), "\n"));
  return exit_code(error.code());
}

int run_program(std::span<const VerbRow> rows, std::vector<std::string> words,
                const OwnServer& own) {
  const Terminal terminal = Terminal::of_process("auto");
  const bool is_empty = words.empty();
  if (const auto text = overview_asked_for(rows, words)) {
    // Called without anything it is a wrong use: the overview is no data then.
    is_empty ? terminal.say(*text) : terminal.print(*text);
    return is_empty ? exit_code(ErrorCode::invalid_argument) : exit_done;
  }
  move_leading_options(words);
  const bool is_json = asks_for_json(words);
  if (words[0].starts_with("-")) {
    return conclude(
        terminal,
        Error(ErrorCode::invalid_argument, "no verb is given", "`pawl help` shows all verbs."),
        is_json);
  }
  if (const auto text = overview_asked_for(rows, words)) {
    terminal.print(*text);
    return exit_done;
  }
  const Found found = find_verb(rows, words);
  if (found.row == nullptr) return conclude(terminal, unknown_verb(rows, words), is_json);
  words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(found.words));
  return conclude(terminal, run_verb(*found.row, std::move(words), own), is_json);
}

}  // namespace pawl::cli
