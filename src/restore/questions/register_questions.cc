#include "restore/questions/register_questions.h"

#include "restore/questions/batch_report.h"
#include "restore/questions/questions.h"
#include "restore/questions/verb.h"
#include "restore/steps/notify_step.h"

namespace pawl::restore {
namespace {

using Question = Result<json::Value> (*)(Services&, const functions::Call&);

struct Row {
  const char *name, *description;
  Question question;
  Duration time_limit;
};

const Row rows[] = {
    {"pawl-restore-check", "Whether a restore or a batch could begin; touches nothing.",
     questions::check, minutes(5)},
    {"pawl-restore-plan", "What a restore would do; touches nothing.", questions::plan, minutes(5)},
    {"pawl-restore-list", "The operations there are, newest first.", questions::list, minutes(5)},
    {"pawl-restore-rollback", "Back to what an operation replaced.", questions::rollback,
     minutes(15)},
    {"pawl-snapshot-check", "Whether a snapshot could be taken; touches nothing.",
     questions::snapshot_check, minutes(5)},
    {"pawl-snapshot-take", "Takes the snapshot of a day.", questions::snapshot_take, hours(24)},
    {"aurora-restore-sns-notification", "Tells the subscribers how an operation ended.",
     sns_notification, minutes(5)},
    {"pawl-restore-stop", "Shuts down what serves a cluster, until it is started.", questions::stop,
     minutes(15)},
    {"pawl-restore-start", "Starts what serves a cluster again.", questions::start, hours(24)},
    {"pawl-restore-remove", "Removes what serves a cluster, and what it replaced.",
     questions::remove, hours(1)},
    {"pawl-snapshot-delete", "Deletes a snapshot in one region.", questions::snapshot_delete,
     hours(1)},
    {"pawl-snapshot-list", "The snapshots there are.", questions::snapshot_list, minutes(5)},
};

}  // namespace

void register_questions(functions::Registry& registry, Services& services,
                        batch::Batches& batches) {
  for (const Row& row : rows) {
    auto function = questions::verb(row.name, row.description,
                                    [&services, question = row.question](functions::Call& call) {
                                      return question(services, call);
                                    });
    function.time_limit = row.time_limit;
    registry.add(std::move(function));
  }
  registry.add(questions::verb("pawl-restore-report", "What became of an operation or a batch.",
                               [&services, &batches](functions::Call& call) {
                                 return call.event.find("batch_id")
                                            ? questions::batch_report(services, batches, call)
                                            : questions::report(services, call);
                               }));
}

}  // namespace pawl::restore
