#include "base/text.h"
#include "cli/function/settings.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

std::string with_unit(const json::Value& number, std::string_view unit) {
  return number.is_null() ? std::string() : concat(plain(number), unit);
}

class FunctionDescribe : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
  }

  Result<int> run(const Session& session) override {
    const auto shown =
        with_moments(TRY(session.client.call({.method = "GET", .path = function_path(name_)})));
    if (session.wants_json()) {
      session.show(shown);
      return exit_done;
    }
    const json::Value function = shown["Configuration"];
    const auto line = [&](std::string_view title, const std::string& text) {
      if (text != "-" && !text.empty())
        session.terminal.print(concat(title, std::string(13 - title.size(), ' '), text, "\n"));
    };
    line("name", plain(function["FunctionName"]));
    line("description", plain(function["Description"]));
    line("runtime", plain(function["Runtime"]));
    line("handler", plain(function["Handler"]));
    line("code", plain(shown["Code"]["Location"]));
    line("memory", with_unit(function["MemorySize"], " MB"));
    line("timeout", with_unit(function["Timeout"], " s"));
    line("reserved", plain(shown["Concurrency"]["ReservedConcurrentExecutions"]));
    line("modified", moment_text(function["LastModified"], session.style.is_utc));
    line("arn", plain(function["FunctionArn"]));
    const json::Value variables = function["Environment"]["Variables"];
    if (variables.is_object())
      for (const auto& [name, value] : variables.members())
        line("environment", concat(name, "=", plain(value)));
    return exit_done;
  }

 private:
  std::string name_;
};

}  // namespace

std::unique_ptr<Verb> function_describe() { return std::make_unique<FunctionDescribe>(); }

}  // namespace pawl::cli
