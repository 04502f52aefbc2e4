#include "asl/parse.h"
#include "base/text.h"
#include "cli/json_text.h"
#include "cli/names.h"
#include "cli/program.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

std::string_view severity_text(asl::Severity severity) {
  return severity == asl::Severity::error ? "error" : "warning";
}

json::Value to_json(const std::string& file, const asl::Diagnostic& finding) {
  const asl::Diagnostic diagnostic = for_people(finding);
  return json::Value::object({{"file", file},
                              {"line", diagnostic.line},
                              {"column", diagnostic.column},
                              {"severity", severity_text(diagnostic.severity)},
                              {"code", diagnostic.code},
                              {"location", diagnostic.location},
                              {"message", diagnostic.message}});
}

// Exit code 1 where any definition has an error, otherwise that of a file that cannot be read.
class Validate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positionals("FILE", files_, "definitions in the Amazon States Language", 1);
  }

  Result<int> run(const Session& session) override {
    json::Value::Array findings;
    int code = exit_done;
    for (const std::string& file : files_) {
      const auto text = file == "-" ? text_argument(file) : read_text_file(file);
      if (!text) {
        const int told = conclude(session.terminal, text.error(), session.wants_json());
        if (code != exit_failed) code = told;
        continue;
      }
      const asl::Parsed parsed = asl::parse_definition(*text);
      if (parsed.machine == nullptr) code = exit_failed;
      for (const auto& diagnostic : parsed.diagnostics) {
        findings.push_back(to_json(file, diagnostic));
        if (!session.wants_json()) session.terminal.print(diagnostic_line(file, diagnostic));
      }
      if (parsed.machine != nullptr) session.remark(concat(file, ": valid"));
    }
    if (session.style.format == Format::jsonl) {
      for (const auto& finding : findings) session.show(finding);
    } else if (session.wants_json()) {
      session.show(json::Value(std::move(findings)));
    }
    return code;
  }

 private:
  std::vector<std::string> files_;
};

}  // namespace

std::unique_ptr<Verb> validate() { return std::make_unique<Validate>(); }

}  // namespace pawl::cli
