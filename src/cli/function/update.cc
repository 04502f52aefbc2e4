#include "base/text.h"
#include "cli/function/settings.h"
#include "cli/verbs.h"

namespace pawl::cli {
namespace {

class FunctionUpdate : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.positional("NAME", name_, "name of the function");
    settings_.declare(arguments);
    arguments.option("--no-env", removed_, "NAME to take out of its environment; may be repeated");
    arguments.remark("Variables that are not named stay as they are.");
  }

  Result<int> run(const Session& session) override {
    json::Value settings = TRY(settings_.settings());
    if (settings.find("Environment") || !removed_.empty())
      settings = TRY(with_variables_there(session, settings));
    if (settings.size() == 0 && !settings_.has_code() && !settings_.has_reservation())
      return Error(ErrorCode::invalid_argument, "nothing is to be changed");
    if (settings.size() > 0)
      TRY(session.client.call(
          {.method = "PUT", .path = function_path(name_, "/configuration"), .input = settings}));
    if (settings_.has_code())
      TRY(session.client.call({.method = "PUT",
                               .path = function_path(name_, "/code"),
                               .input = TRY(settings_.code())}));
    TRY(settings_.reserve(session, name_));
    const auto shown = TRY(session.client.call({.method = "GET", .path = function_path(name_)}));
    if (session.wants_json()) {
      session.show(with_moments(shown["Configuration"]));
    } else {
      session.remark(concat("updated ", plain(shown["Configuration"]["FunctionArn"])));
    }
    return exit_done;
  }

 private:
  // The service replaces all variables: those that are not named are sent again with the new ones,
  // and are refused where somebody else has changed the function since they were read.
  Result<json::Value> with_variables_there(const Session& session,
                                           const json::Value& settings) const {
    const auto before =
        TRY(session.client.call({.method = "GET", .path = function_path(name_, "/configuration")}));
    json::Value variables = before["Environment"]["Variables"];
    if (!variables.is_object()) variables = json::Value::object();
    for (const std::string& name : removed_) {
      if (!variables.find(name))
        return Error(ErrorCode::not_found, concat("the function has no variable ", name),
                     concat("`pawl function describe ", name_, "` shows what it has."));
      variables = variables.without(name);
    }
    const json::Value given = settings["Environment"]["Variables"];
    if (given.is_object())
      for (const auto& [name, value] : given.members()) variables = variables.with(name, value);
    return settings.with("Environment", json::Value::object({{"Variables", variables}}))
        .with("RevisionId", before["RevisionId"]);
  }

  FunctionSettings settings_;
  std::string name_;
  std::vector<std::string> removed_;
};

}  // namespace

std::unique_ptr<Verb> function_update() { return std::make_unique<FunctionUpdate>(); }

}  // namespace pawl::cli
