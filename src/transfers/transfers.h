#pragma once

#include "functions/function.h"
#include "functions/workers.h"
#include "objects/buckets.h"

namespace pawl::transfers {

// Carries out, off the loop's thread, what executions ask of buckets: the items of distributed
// Maps are read, their results are written, and Tasks call S3. All of it may be done twice.
class Transfers : public engine::TaskRunner {
 public:
  Transfers(objects::Settings settings, world::Clock& clock);

  // Where task ends are told. REQUIRES: before the first start.
  void report_to(engine::TaskReports& reports) { reports_ = &reports; }

  bool accepts(std::string_view resource) const override;
  void start(engine::TaskRequest request) override;
  void cancel(std::string_view task_id) override { workers_.cancel(task_id); }
  // Waits for what is under way; nothing starts any more.
  void drain() { workers_.drain(); }

 private:
  const objects::Buckets buckets_;
  const functions::Function reading_, writing_, calling_;
  engine::TaskReports* reports_ = nullptr;
  functions::Workers workers_;
};

}  // namespace pawl::transfers
