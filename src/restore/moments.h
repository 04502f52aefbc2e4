#pragma once

#include <string_view>

namespace pawl::restore {

// Every named place of a restore at which dying matters, in the order in which a restore comes by.
// Tests go through the table and kill the program at each of them (world::moment).
inline constexpr std::string_view moments[] = {
    "check:found",       // the snapshot is known, nothing is written
    "check:begun",       // the operation's state exists
    "copy:begun",        // the copy's folder exists
    "copy:half",         // some of its files are there
    "copy:copied",       // all files are there, snapshot.json is not
    "copy:done",         // snapshot.json is there
    "prepare:locked",    // the target's lock is held
    "prepare:done",      //
    "restore:reserved",  // instance.json with its port exists
    "restore:half",      // some files of the data directory are there
    "restore:copied",    // all of them, nothing configured
    "restore:configured",
    "restore:started",    // the server runs, its phase is not written
    "restore:available",  // it is
    "users:half",         // roles exist, grants do not
    "users:done",         //
    "verify:stopped",     // for the page check
    "verify:compared",    // equal, but the phase is not written
    "verify:done",        // phase "verified"
    "swap:before",        // the endpoint's forwarder runs, all else is as it was
    "swap:opened",        // the new server takes logins
    "swap:renamed",       // the endpoint leads to the new server, both run
    "swap:recorded",      // history has the swap
    "swap:done",          // the old server is stopped
    "archive:begun",      //
    "archive:half",       // the archive is whole, the copy still there
    "archive:done",       //
    "notify:done",        //
    "cleanup:half",       //
    "cleanup:done",
};

}  // namespace pawl::restore
