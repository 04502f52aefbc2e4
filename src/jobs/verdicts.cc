#include "jobs/verdicts.h"

#include "base/text.h"
#include "jobs/describe.h"
#include "jobs/jobs.h"

namespace pawl::jobs {
namespace {

Verdict verdict_on(const Target& on) {
  const Status status = status_of(on);
  if (status == Status::succeeded) return {};
  if (status != Status::failed) return {Standing::waits};
  const Child* failed = on.index ? &on.job->children.at(static_cast<size_t>(*on.index)) : nullptr;
  // Down a line of dependencies all name the one that began it.
  if (failed != nullptr && failed->failing == Failing::dependency)
    return {Standing::never, failed->reason};
  const std::string& why = failed != nullptr ? failed->reason : on.job->reason;
  return {Standing::never,
          concat("Dependent Job failed: ", id_of(on), why.empty() ? "" : ", ", why)};
}

// The first that has failed decides; else one that is open does.
void add(Verdict& whole, Verdict one) {
  if (whole.standing == Standing::never || one.standing == Standing::ready) return;
  whole = std::move(one);
}

}  // namespace

Verdicts::Verdicts(const Jobs& jobs, const Job& job) : job_(job) {
  for (const Dependency& dependency : job.specification.dependencies) {
    is_sequential_ |= dependency.kind == Dependency::Kind::sequential;
    const auto on = jobs.depends_on(dependency, job, 0);
    if (!on) continue;
    if (dependency.kind == Dependency::Kind::plain) add(of_all_, verdict_on(*on));
    if (dependency.kind == Dependency::Kind::n_to_n) paired_.push_back(on->job);
  }
}

Verdict Verdicts::of(int32_t index) const {
  Verdict whole = of_all_;
  for (const Job* paired : paired_) add(whole, verdict_on({paired, index}));
  if (is_sequential_ && index > 0) add(whole, verdict_on({&job_, index - 1}));
  return whole;
}

}  // namespace pawl::jobs
