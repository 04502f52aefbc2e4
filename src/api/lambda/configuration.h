#pragma once

#include "api/lambda/operation.h"
#include "functions/function.h"
#include "functions/processes/host.h"

namespace pawl::api::lambda {

// What the service calls a FunctionConfiguration.
json::Value configuration(const Asked& asked, const functions::processes::Definition& definition);
json::Value configuration(const Asked& asked, const functions::Function& built_in);

// Holds an input to the shape of a function's settings: what is wrong, and what is not supported.
Result<void> check_settings(const json::Value& input, bool is_new);
// Takes those that are there.
Result<void> apply_settings(const Asked& asked, functions::processes::Definition& into);
// {zipFile} or {s3Bucket, s3Key}, where the bucket "file" has directories and zip files of this
// machine, and the bucket "command" command lines.
Result<functions::processes::CodeSource> code_of(const json::Value& code);
// Error: the function has been changed since that revision.
Result<void> check_revision(const json::Value& input,
                            const functions::processes::Definition& definition);
// Error, by its name, for a member that is not among those.
Result<void> refuse_others(const json::Value& input, std::span<const std::string_view> known);

}  // namespace pawl::api::lambda
