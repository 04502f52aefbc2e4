#pragma once

#include <memory>
#include <string_view>

#include "base/result.h"
#include "cli/arguments.h"
#include "cli/client.h"
#include "cli/output.h"
#include "cli/terminal.h"

namespace pawl::cli {

// Exit codes beside those of base/errors.def.
constexpr int exit_done = 0, exit_failed = 1, exit_partly = 8, exit_timed_out = 124,
              exit_interrupted = 130;

// What a verb gets beside its own options.
struct Session {
  const Terminal& terminal;
  const Client& client;
  Style style;

  bool wants_json() const { return style.format == Format::json || style.format == Format::jsonl; }
  // Prints the list in the format that was asked for.
  void show(const Listing& listing) const;
  // Prints a document as JSON (pretty, or on one line for jsonl).
  void show(const json::Value& value) const;
  // What is no failure and yet to be known, a line each, on standard error.
  void warn(const json::Value& warnings) const;
  // A remark for people, unless --quiet.
  void remark(std::string_view text) const;
};

// One verb: declares its options, then runs. Returns the exit code; an error is printed by the
// caller and has its own.
class Verb {
 public:
  virtual ~Verb() = default;
  virtual void declare(Arguments& arguments) = 0;
  virtual Result<int> run(const Session& session) = 0;
};

// A row of the table of verbs.
struct VerbRow {
  std::string_view name;  // "execution start", "serve"
  std::string_view summary;
  std::unique_ptr<Verb> (*make)();
  bool is_hidden = false;
};

}  // namespace pawl::cli
