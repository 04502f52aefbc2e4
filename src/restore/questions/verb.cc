#include "restore/questions/verb.h"

#include <utility>

#include "restore/failure.h"

namespace pawl::restore::questions {

functions::Function verb(std::string name, std::string description, Body body) {
  functions::Function function;
  function.name = std::move(name);
  function.description = std::move(description);
  function.body = [body = std::move(body)](functions::Call& call) -> asl::Outcome<json::Value> {
    auto answer = body(call);
    if (!answer) return to_failure(answer.error());
    return std::move(*answer);
  };
  return function;
}

}  // namespace pawl::restore::questions
