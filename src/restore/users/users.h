#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "restore/instances/instance_server.h"
#include "restore/provider.h"
#include "restore/users/secrets.h"

namespace pawl::restore {

// The users that a cluster's secrets ask for: the application's, who may write, and the reader.
std::vector<User> users_of(const ClusterSecrets& secrets);

// Those of the source cluster, by the configured secrets file; none where none is configured. The
// source's own table counts first: its users come with its data. Errors: those of read_secrets;
// invalid_argument where the file is not there, or has faults.
Result<std::vector<User>> wanted_users(const Settings& settings, const std::string& cluster);

// Makes each user a role that may log in and nothing else, with exactly its rights on every schema,
// table and sequence of every database, present and future. May be repeated. Passwords never leave
// this process: the server is given verifiers, and is told not to log the statements. Rights that
// the source gave to PUBLIC are the application's affair and stay; what they let a reader change is
// answered, a sentence each.
Result<std::vector<std::string>> set_up_users(InstanceServer& server,
                                              const std::vector<User>& users,
                                              const world::Cancellation& cancellation);

}  // namespace pawl::restore
