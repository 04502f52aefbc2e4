#include <functional>

#include "api/batch/members.h"
#include "base/text.h"
#include "jobs/describe.h"
#include "store/page_token.h"

namespace pawl::api::batch {
namespace {

using json::Value;

constexpr size_t page_max = 1000, filtered_page_max = 100;

using Wanted = std::function<bool(const jobs::Job&)>;

// A trailing * stands for anything.
bool fits(std::string_view pattern, std::string_view text) {
  if (!pattern.ends_with('*')) return pattern == text;
  pattern.remove_suffix(1);
  return text.starts_with(pattern);
}

bool is_of_definition(const jobs::Job& job, const std::string& pattern) {
  const std::string& arn = job.specification.definition_arn;
  if (pattern.starts_with("arn:")) return arn == pattern;
  const std::string_view with_revision = std::string_view(arn).substr(arn.rfind('/') + 1);
  return fits(pattern, with_revision.substr(0, with_revision.rfind(':')));
}

Result<Wanted> wanted_by(const Value& filter) {
  const std::string name = filter.string_at("name").value_or("");
  const auto values = elements_of(filter, "values");
  if (values.size() != 1) return refused(concat("the filter ", name, " needs just one value"));
  const std::string value(values[0].string());
  if (name == "JOB_NAME")
    return Wanted([pattern = lower(value)](const jobs::Job& job) {
      return fits(pattern, lower(job.specification.name));
    });
  if (name == "JOB_DEFINITION")
    return Wanted([value](const jobs::Job& job) { return is_of_definition(job, value); });
  if (name == "SHARE_IDENTIFIER")
    return Wanted([value](const jobs::Job& job) { return job.specification.share == value; });
  const bool is_before = name == "BEFORE_CREATED_AT";
  if (!is_before && name != "AFTER_CREATED_AT")
    return refused(concat("the filter ", name, " is not offered by this server"));
  const auto moment = parse_integer(value);
  if (!moment)
    return refused(concat("the filter ", name, " needs milliseconds since 1970, not ", value));
  return Wanted([is_before, moment = *moment](const jobs::Job& job) {
    const int64_t created = jobs::epoch_milliseconds(job.specification.created);
    return is_before ? created < moment : created > moment;
  });
}

// Collects a page: at most so many, and a token where there are more.
class Page {
 public:
  Page(const Call& call, size_t most) : size_(page_size_of(call, most)) {}
  // False: it is full.
  bool add(const jobs::Target& target, int64_t key) {
    if (rows_.size() == size_) return has_more_ = true, false;
    rows_.push_back(jobs::summary(target));
    last_ = key;
    return true;
  }
  Value take() {
    Value page = Value::object({{"jobSummaryList", std::move(rows_)}});
    return has_more_ ? page.with("nextToken", store::make_page_token("jobs", concat(last_))) : page;
  }

 private:
  size_t size_;
  Value::Array rows_;
  int64_t last_ = 0;
  bool has_more_ = false;
};

// The status that is asked for; where none is, those that run.
jobs::Status status_of(const Value& input) {
  return jobs::status_of(input.string_at("jobStatus").value_or("RUNNING"))
      .value_or(jobs::Status::running);
}

Result<Value> children(const Call& call, std::optional<int64_t> after) {
  const std::string id = call.input.string_at("arrayJobId").value_or("");
  const jobs::Job* job = call.jobs.find(id).job;
  if (job == nullptr || !job->is_array()) return refused(concat("no array job has the id ", id));
  if (!elements_of(call.input, "filters").empty())
    return refused("filters are not for the children of an array");
  Page page(call, page_max);
  const jobs::Status status = status_of(call.input);
  for (int32_t index = 0; index < job->specification.size; ++index) {
    if (after && index <= *after) continue;
    if (job->children[static_cast<size_t>(index)].status != status) continue;
    if (!page.add({job, index}, index)) break;
  }
  return page.take();
}

// The newest first.
Result<Value> of_queue(const Call& call, std::optional<int64_t> after) {
  const std::string name = call.input.string_at("jobQueue").value_or("");
  const jobs::Queue* queue = call.jobs.queue(name);
  if (queue == nullptr) return refused(concat("Job queue ", name, " does not exist"));
  const auto filters = elements_of(call.input, "filters");
  const bool is_filtered = !filters.empty();
  const Wanted wanted = is_filtered ? TRY(wanted_by(filters[0])) : [](const auto&) { return true; };
  const bool is_of_share = is_filtered && filters[0]["name"] == "SHARE_IDENTIFIER";
  const bool is_of_status =
      !is_filtered || (is_of_share && call.input.find("jobStatus") != nullptr);
  const jobs::Status status = status_of(call.input);
  Page page(call, is_filtered ? filtered_page_max : page_max);
  const auto& all = call.jobs.all();
  auto each = after ? all.lower_bound(*after) : all.end();
  while (each != all.begin()) {
    const auto& [number, job] = *--each;
    if (job->specification.queue_arn != queue->arn || !wanted(*job)) continue;
    if (is_of_status && job->status != status) continue;
    if (!page.add({job.get(), std::nullopt}, number)) break;
  }
  return page.take();
}

}  // namespace

Result<Value> list_jobs(const Call& call) {
  const bool has_queue = !call.input.string_at("jobQueue").value_or("").empty();
  const bool has_array = !call.input.string_at("arrayJobId").value_or("").empty();
  if (has_queue == has_array)
    return refused("exactly one of jobQueue and arrayJobId must be given");
  const std::string token = TRY(page_after(call, "jobs"));
  const auto after = parse_integer(token);
  return has_array ? children(call, after) : of_queue(call, after);
}

}  // namespace pawl::api::batch
