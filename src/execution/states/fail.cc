#include "execution/states/states.h"

namespace pawl::execution {

namespace {

asl::Outcome<std::string> text(Turn& turn, const Frame& frame,
                               const std::optional<asl::TextOrExpression>& field) {
  if (!field) return std::string();
  Sight sight(turn, frame);
  return asl::text(*field, sight.of(frame.input));
}

}  // namespace

void run(Turn& turn, Frame& frame, const asl::Fail& kind) {
  const auto error = text(turn, frame, kind.error);
  if (!error) return fail_evaluation(turn, frame, error.error());
  const auto cause = text(turn, frame, kind.cause);
  if (!cause) return fail_evaluation(turn, frame, cause.error());
  fail(turn, frame, {{*error, *cause}});
}

}  // namespace pawl::execution
