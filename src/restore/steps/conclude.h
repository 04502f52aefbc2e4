#pragma once

#include "functions/function.h"

namespace pawl::restore::steps {

// The end of a failed restore's execution: fails as the restore has failed. Called again by a
// redrive it succeeds, so that the pipeline can begin the same operation anew.
functions::Function conclude();

}  // namespace pawl::restore::steps
