#pragma once

#include <memory>
#include <vector>

#include "cli/verb.h"

namespace pawl::cli {

// The table of the verbs that speak to a server or need none, by noun. The daemon adds its own.
std::vector<VerbRow> client_verbs();

std::unique_ptr<Verb> validate();
std::unique_ptr<Verb> env();
std::unique_ptr<Verb> eval();
std::unique_ptr<Verb> version();

std::unique_ptr<Verb> machine_create();
std::unique_ptr<Verb> machine_update();
std::unique_ptr<Verb> machine_delete();
std::unique_ptr<Verb> machine_list();
std::unique_ptr<Verb> machine_show();

std::unique_ptr<Verb> execution_start();
std::unique_ptr<Verb> execution_list();
std::unique_ptr<Verb> execution_show();
std::unique_ptr<Verb> execution_watch();
std::unique_ptr<Verb> execution_stop();
std::unique_ptr<Verb> execution_redrive();
std::unique_ptr<Verb> execution_history();

std::unique_ptr<Verb> schedule_create();
std::unique_ptr<Verb> schedule_list();
std::unique_ptr<Verb> schedule_show();
std::unique_ptr<Verb> schedule_enable();
std::unique_ptr<Verb> schedule_disable();
std::unique_ptr<Verb> schedule_delete();
std::unique_ptr<Verb> schedule_run();
std::unique_ptr<Verb> schedule_next();

std::unique_ptr<Verb> restore_plan();
std::unique_ptr<Verb> restore_run();
std::unique_ptr<Verb> restore_list();
std::unique_ptr<Verb> restore_report();
std::unique_ptr<Verb> restore_rollback();
std::unique_ptr<Verb> restore_stop();
std::unique_ptr<Verb> restore_start();
std::unique_ptr<Verb> restore_remove();

std::unique_ptr<Verb> arrays_init();
std::unique_ptr<Verb> arrays_run();
std::unique_ptr<Verb> arrays_show();
std::unique_ptr<Verb> arrays_verify();
std::unique_ptr<Verb> arrays_purge();
std::unique_ptr<Verb> arrays_remove();

std::unique_ptr<Verb> function_create();
std::unique_ptr<Verb> function_update();
std::unique_ptr<Verb> function_list();
std::unique_ptr<Verb> function_describe();
std::unique_ptr<Verb> function_invoke();
std::unique_ptr<Verb> function_logs();
std::unique_ptr<Verb> function_delete();

std::unique_ptr<Verb> snapshot_take();
std::unique_ptr<Verb> snapshot_delete();
std::unique_ptr<Verb> snapshot_list();

std::unique_ptr<Verb> batch_list_jobs();
std::unique_ptr<Verb> batch_show();
std::unique_ptr<Verb> batch_submit();
std::unique_ptr<Verb> batch_cancel();
std::unique_ptr<Verb> batch_terminate();
std::unique_ptr<Verb> batch_retry();
std::unique_ptr<Verb> batch_why();
std::unique_ptr<Verb> batch_logs();
std::unique_ptr<Verb> batch_watch();

std::unique_ptr<Verb> queue_list();
std::unique_ptr<Verb> queue_show();
std::unique_ptr<Verb> queue_create();

}  // namespace pawl::cli
