#include "arrays/run/submissions.h"

#include <cctype>

#include "base/text.h"

namespace pawl::arrays {
namespace {

using json::Value;

// It may have letters, digits, '-' and '_', the first one of the former, and 128 of them.
std::string job_name(const Run& run, const Step& step, size_t slice, size_t slices) {
  std::string name = concat(run.name.substr(0, 70), "-", step.name);
  if (slices > 1) name += concat("-", slice + 1);
  const auto is_alphanumeric = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0;
  };
  for (char& c : name)
    if (!is_alphanumeric(c) && c != '-') c = '_';
  if (!is_alphanumeric(name.front())) name.front() = 'r';
  return name;
}

Value environment_of(const Run& run, const Slice& slice, const std::string& directory,
                     const std::string& results) {
  const std::pair<const char*, std::string> variables[] = {
      {"PAWL_RUN_DIRECTORY", directory},
      {"PAWL_RESULTS", results},
      {"PAWL_SEED", run.seed},
      {"PAWL_LAYOUT", std::string(name(run.layout))},
      {"PAWL_FIRST_NODE", concat(slice.first_node)},
      {"PAWL_SYNC", run.is_synced ? "yes" : "no"}};
  Value::Array list;
  for (const auto& [variable, value] : variables)
    list.push_back(Value::object({{"Name", variable}, {"Value", value}}));
  return list;
}

}  // namespace

Value submissions_of(const Run& run, const std::string& directory, const std::string& results) {
  Value::Array jobs;
  const auto slices = run.split.slices();
  for (size_t step = 0; step < run.steps.size(); ++step) {
    for (size_t slice = 0; slice < slices.size(); ++slice) {
      Value request = Value::object(
          {{"JobName", job_name(run, run.steps[step], slice, slices.size())},
           {"JobQueue", run.steps[step].job_queue},
           {"JobDefinition", run.steps[step].job_definition},
           {"ContainerOverrides",
            Value::object(
                {{"Environment", environment_of(run, slices[slice], directory, results)}})}});
      const bool is_array = slices[slice].nodes > 1;
      if (is_array)
        request = request.with("ArrayProperties", Value::object({{"Size", slices[slice].nodes}}));
      const auto place = static_cast<int64_t>(jobs.size());
      const auto before = static_cast<int64_t>(slices.size());
      jobs.push_back(Value::object(
          {{"request", request},
           {"after", step == 0 ? -1 : place - before},
           {"dependency", is_array ? Value::object({{"Type", "N_TO_N"}}) : Value::object()}}));
    }
  }
  return jobs;
}

}  // namespace pawl::arrays
