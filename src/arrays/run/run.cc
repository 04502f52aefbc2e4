#include "arrays/run/run.h"

#include "json/parse.h"

namespace pawl::arrays {

json::Value Run::shown() const {
  json::Value::Array shown_steps;
  for (const Step& step : steps)
    shown_steps.push_back(json::Value::object({{"name", step.name},
                                               {"job_definition", step.job_definition},
                                               {"job_queue", step.job_queue}}));
  return json::Value::object({{"run", name},
                              {"execution", execution_arn},
                              {"ids", split.ids},
                              {"nodes", split.nodes},
                              {"seed", seed},
                              {"layout", arrays::name(layout)},
                              {"bucket", bucket},
                              {"sync", is_synced},
                              {"check", is_checked},
                              {"steps", std::move(shown_steps)},
                              {"ids_sha256", ids_checksum}});
}

Result<Run> parse_run(std::string_view text) {
  const json::Value shown = TRY(json::parse(text));
  const auto ids = shown.integer_at("ids"), nodes = shown.integer_at("nodes");
  const auto name = shown.string_at("run");
  const json::Value steps = shown["steps"];
  if (!ids || !nodes || !name || !steps.is_array())
    return Error(ErrorCode::corrupt, "run.json says of no run what it is");
  Run run{.name = *name,
          .execution_arn = shown.string_at("execution").value_or(""),
          .seed = shown.string_at("seed").value_or(""),
          .bucket = shown.string_at("bucket").value_or(""),
          .split = {*ids, *nodes},
          .layout = shown["layout"] == "files" ? Layout::files : Layout::bundle,
          .steps = {},
          .is_synced = shown["sync"] == true,
          .is_checked = shown["check"] == true,
          .ids_checksum = shown.string_at("ids_sha256").value_or("")};
  for (const json::Value& step : steps.elements())
    run.steps.push_back({step.string_at("name").value_or(""),
                         step.string_at("job_definition").value_or(""),
                         step.string_at("job_queue").value_or("")});
  return run;
}

}  // namespace pawl::arrays
