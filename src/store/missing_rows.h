#pragma once

#include "store/journal_heads.h"
#include "store/sqlite.h"

namespace pawl::store {

// Error: corrupt, with the facts that are not what their checksums are of.
Result<void> refuse_damaged_facts(Connection& connection);

// Logs the rows of the catalogue and the documents that are not what their checksums are of: where
// it is the name that is damaged, nobody else would ask for them.
Result<void> tell_damaged_rows(Connection& connection);

// Looks for rows that others need and that are gone: of the facts, of the catalogue, of what runs
// and of what the journal tells since its last checkpoint (`heads`). What has closed is not looked
// at, so that a start does not take longer with every execution there ever was.
// Error: corrupt, with all that is missing.
Result<void> refuse_missing_rows(Connection& connection, const JournalHeads& heads);

}  // namespace pawl::store
