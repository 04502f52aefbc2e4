#include "cli/arguments.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.h"
#include "cli/units.h"

namespace pawl::cli {

struct Arguments::Parser {
  Parser(std::string_view program, std::string_view summary)
      : app(std::string(summary), std::string(program)) {}

  CLI::Option* add(std::string_view names, std::string& into, std::string_view help) {
    return app.add_option(std::string(names), into, std::string(help));
  }

  std::vector<std::string> long_names() const {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
      for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    }
    return names;
  }

  CLI::App app;
};

namespace {

// CLI11 says "The following arguments were not expected: --dat"; say which one was meant.
Error usage_error(const CLI::App& app, std::string message, const std::vector<std::string>& known) {
  constexpr std::string_view unexpected = "not expected: ";
  std::string hint = concat("`", app.get_name(), " --help` shows what it takes.");
  const size_t at = message.find(unexpected);
  if (at != message.npos) {
    // CLI11 lists all that is left over; an option explains the words around it.
    std::string first;
    for (const auto word : split(std::string_view(message).substr(at + unexpected.size()), ' ')) {
      if (first.empty() || (word.starts_with('-') && !first.starts_with('-'))) first = word;
    }
    first = first.substr(0, first.find('='));
    if (first.starts_with("-")) {
      message = concat("unknown option ", first);
      if (const auto meant = nearest(first, known)) hint = concat("Did you mean ", *meant, "?");
    }
  } else if (!message.empty() && message.size() > 1 && std::islower(message[1])) {
    message[0] = static_cast<char>(std::tolower(message[0]));
  }
  return Error(ErrorCode::invalid_argument, std::move(message), std::move(hint));
}

std::string bounds_problem(const std::string& text, Arguments::Bounds bounds) {
  const auto number = parse_integer(text);
  if (number && *number >= bounds.least && *number <= bounds.most) return {};
  return concat("\"", text, "\" is not a whole number from ", bounds.least, " to ", bounds.most);
}

}  // namespace

Arguments::Arguments(std::string_view program, std::string_view summary)
    : parser_(std::make_unique<Parser>(program, summary)) {}

Arguments::~Arguments() = default;

void Arguments::positional(std::string_view name, std::string& into, std::string_view help) {
  parser_->add(name, into, help)->required();
}

void Arguments::optional_positional(std::string_view name, std::string& into,
                                    std::string_view help) {
  parser_->add(name, into, help);
}

void Arguments::positionals(std::string_view name, std::vector<std::string>& into,
                            std::string_view help, size_t count_min) {
  auto* option = parser_->app.add_option(std::string(name), into, std::string(help));
  if (count_min > 0) option->required();
}

void Arguments::option(std::string_view names, std::string& into, std::string_view help) {
  parser_->add(names, into, help);
}

void Arguments::option(std::string_view names, std::vector<std::string>& into,
                       std::string_view help) {
  // One value each time, so that an option never swallows the names that follow it.
  parser_->app.add_option(std::string(names), into, std::string(help))->allow_extra_args(false);
}

void Arguments::choice(std::string_view names, std::string& into,
                       const std::vector<std::string>& allowed, std::string_view help) {
  parser_->add(names, into, help)->check([allowed](const std::string& text) -> std::string {
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return {};
    return concat("\"", text, "\" is none of ", join(allowed, ", "));
  });
}

void Arguments::number(std::string_view names, std::optional<int64_t>& into, Bounds bounds,
                       std::string_view help) {
  const auto set = [&into](const std::string& text) { into = parse_integer(text); };
  parser_->app.add_option_function<std::string>(std::string(names), set, std::string(help))
      ->check([bounds](const std::string& text) { return bounds_problem(text, bounds); });
}

void Arguments::duration(std::string_view names, std::optional<Duration>& into,
                         std::string_view help) {
  const auto set = [&into](const std::string& text) { into = parse_duration(text); };
  parser_->app.add_option_function<std::string>(std::string(names), set, std::string(help))
      ->check([](const std::string& text) -> std::string {
        if (parse_duration(text)) return {};
        return concat("\"", text, "\" is not a length of time such as 30s, 2m or 24h");
      });
}

void Arguments::flag(std::string_view names, bool& into, std::string_view help) {
  parser_->app.add_flag(std::string(names), into, std::string(help));
}

void Arguments::remark(std::string_view text) { parser_->app.footer(std::string(text)); }

Result<std::optional<std::string>> Arguments::parse(std::vector<std::string> words) {
  CLI::App& app = parser_->app;
  std::reverse(words.begin(), words.end());  // what CLI11 expects of a vector
  try {
    app.parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    return std::optional(app.help());
  } catch (const CLI::ParseError& error) {
    return usage_error(app, error.what(), parser_->long_names());
  }
  return std::optional<std::string>();
}

}  // namespace pawl::cli
