#include "cli/verbs.h"

namespace pawl::cli {
namespace {

// Those that are built in have no runtime.
std::string runtime_of(const json::Value& row) {
  return row.string_at("Runtime").value_or("built in");
}

class FunctionList : public Verb {
 public:
  void declare(Arguments& arguments) override {
    arguments.flag("--all", wants_all_, "also those that are built in");
  }

  Result<int> run(const Session& session) override {
    const auto answer =
        TRY(session.client.call({.method = "GET", .path = "/2015-03-31/functions"}));
    Listing listing;
    const json::Value functions = answer["Functions"];
    if (functions.is_array())
      for (const json::Value& row : functions.elements())
        if (wants_all_ || row.find("Runtime")) listing.rows.push_back(with_moments(row));
    listing.columns = {{"NAME", text_of("FunctionName")},
                       {"RUNTIME", runtime_of},
                       {"HANDLER", text_of("Handler")},
                       {"MEMORY", text_of("MemorySize"), Table::Align::right},
                       {"TIMEOUT", text_of("Timeout"), Table::Align::right},
                       {"MODIFIED", moment_of("LastModified", session.style.is_utc)},
                       {"DESCRIPTION", text_of("Description"), Table::Align::left, true}};
    listing.name_member = "FunctionName";
    listing.when_empty = "no functions; `pawl function create` makes one, --all shows the built-in";
    session.show(listing);
    return exit_done;
  }

 private:
  bool wants_all_ = false;
};

}  // namespace

std::unique_ptr<Verb> function_list() { return std::make_unique<FunctionList>(); }

}  // namespace pawl::cli
