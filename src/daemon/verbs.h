#pragma once

#include <memory>
#include <vector>

#include "cli/verb.h"

namespace pawl::daemon {

// The verbs that need the rooms themselves and not just a server.
std::vector<cli::VerbRow> daemon_verbs();

std::unique_ptr<cli::Verb> serve();
std::unique_ptr<cli::Verb> run();
std::unique_ptr<cli::Verb> test();
std::unique_ptr<cli::Verb> config_check();
std::unique_ptr<cli::Verb> config_show();
std::unique_ptr<cli::Verb> store_check();
std::unique_ptr<cli::Verb> store_reindex();
std::unique_ptr<cli::Verb> store_backup();
std::unique_ptr<cli::Verb> store_restore();
std::unique_ptr<cli::Verb> endpoint();
std::unique_ptr<cli::Verb> supervise();

}  // namespace pawl::daemon
