#include "api/lambda/configuration.h"

namespace pawl::api::lambda {

Result<Reply> delete_function(const Asked& asked) {
  TRY(changeable(asked));
  TRY(TRY(host_of(asked))->remove(asked.function.name));
  return Reply{204, {}};
}

}  // namespace pawl::api::lambda
