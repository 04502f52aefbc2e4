#pragma once

#include "engine/engine.h"
#include "functions/function.h"

namespace pawl::functions {

// What the pipeline that redrives in bulk (pipelines/redrive) asks for. The engine outlives the
// registry.
//
// pawl-redrive-find: which executions are meant.
//   {"machine": NAME | ARN, "statuses": ["FAILED", …], "error": "Restore.*", "since": "2026-…Z",
//    "limit": 100, "rate": 10, "dry_run": false}, all optional
//   → {"executions": [{"execution": ARN, "error": …, "redrives": 0}], "rate": …, "dry_run": …}
//
// pawl-redrive-one: begins one of them again, unless it was redriven since it was found.
//   {"execution": ARN, "redrives": 0} → {"execution": ARN, "redriven": true}
//                                     | {"execution": ARN, "redriven": false, "reason": …}
Function redrive_find(engine::Engine& engine);
Function redrive_one(engine::Engine& engine);

}  // namespace pawl::functions
