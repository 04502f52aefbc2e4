#include <algorithm>
#include <vector>

#include "api/states/test_state/request.h"
#include "base/text.h"
#include "engine/service_errors.h"
#include "integrations/resource.h"

namespace pawl::api::states {
namespace {

using json::Value;

// What the operations of a service answer, by the public models of their interfaces. A definition
// is a name, a sort and words; a line that begins with blanks goes on with the one above.
//
//   invoke response InvocationResponse
//   InvocationResponse struct StatusCode n Payload * State! State     "!": always there
//   State enum Pending Active
//   MemorySize number 128 10240                                       "-": no bound
//
// Types are s (string), n (number), b (boolean), * (anything), [T] (array), {T} (object of
// whatever names), and names.
struct Service {
  std::string_view name, responses;
};

constexpr std::string_view lambda =
#include "api/states/test_state/responses/lambda.inc"
    ;
constexpr std::string_view sfn =
#include "api/states/test_state/responses/sfn.inc"
    ;
constexpr std::string_view sqs =
#include "api/states/test_state/responses/sqs.inc"
    ;
constexpr std::string_view sns =
#include "api/states/test_state/responses/sns.inc"
    ;
constexpr std::string_view dynamodb =
#include "api/states/test_state/responses/dynamodb.inc"
    ;
constexpr std::string_view eventbridge =
#include "api/states/test_state/responses/eventbridge.inc"
    ;
constexpr std::string_view s3 =
#include "api/states/test_state/responses/s3.inc"
    ;
constexpr std::string_view kms =
#include "api/states/test_state/responses/kms.inc"
    ;
constexpr std::string_view secretsmanager =
#include "api/states/test_state/responses/secretsmanager.inc"
    ;

// By the names that resources have for them.
constexpr Service services[] = {{"lambda", lambda},
                                {"states", sfn},
                                {"sfn", sfn},
                                {"sqs", sqs},
                                {"sns", sns},
                                {"dynamodb", dynamodb},
                                {"events", eventbridge},
                                {"eventbridge", eventbridge},
                                {"s3", s3},
                                {"kms", kms},
                                {"secretsmanager", secretsmanager}};

using Words = std::vector<std::string_view>;

Words words_of(std::string_view text) {
  Words words;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = std::min(text.find_first_not_of(" \n", at), text.size());
    at = std::min(text.find_first_of(" \n", begin), text.size());
    if (at > begin) words.push_back(text.substr(begin, at - begin));
  }
  return words;
}

// The words behind the name; none where it is not defined.
Words definition_of(std::string_view responses, std::string_view name) {
  const std::string head = concat("\n", name, " ");
  const size_t found = responses.find(head);
  if (found == responses.npos) return {};
  const size_t begin = found + head.size();
  size_t end = responses.find('\n', begin);
  while (end + 1 < responses.size() && responses[end + 1] == ' ')
    end = responses.find('\n', end + 1);
  return words_of(responses.substr(begin, end - begin));
}

class Check {
 public:
  Check(std::string_view responses, Validation validation)
      : responses_(responses), validation_(validation) {}

  // `name` is that of the member that holds the value.
  Result<void> value(const Value& value, std::string_view type, std::string_view name) const;

 private:
  Result<void> array(const Value& value, std::string_view type, std::string_view name) const;
  Result<void> named(const Value& value, std::string_view type, std::string_view name) const;
  Result<void> members(const Value& object, const Words& words) const;

  static Error trouble(std::string_view what) {
    return engine::invalid_request(concat("Mock result schema validation error: ", what));
  }
  static Error trouble(std::string_view name, std::string_view what) {
    return trouble(concat("Field '", name, "' ", what));
  }

  std::string_view responses_;
  const Validation validation_;
};

Result<void> Check::value(const Value& value, std::string_view type, std::string_view name) const {
  if (type == "*" || value.is_null()) return {};
  if (type == "s" && !value.is_string()) return trouble(name, "must be a string");
  if (type == "n" && !value.is_number()) return trouble(name, "must be a number");
  if (type == "b" && !value.is_boolean()) return trouble(name, "must be a boolean");
  if (type.size() == 1) return {};
  if (type.front() == '[') return array(value, type, name);
  if (type.front() != '{') return named(value, type, name);
  if (!value.is_object()) return trouble(name, "must be an object");
  for (const auto& [key, element] : value.members())
    TRY(this->value(element, type.substr(1, type.size() - 2), key));
  return {};
}

Result<void> Check::array(const Value& value, std::string_view type, std::string_view name) const {
  if (!value.is_array()) return trouble(name, "must be an array");
  for (const Value& element : value.elements())
    TRY(this->value(element, type.substr(1, type.size() - 2), name));
  return {};
}

Result<void> Check::named(const Value& value, std::string_view type, std::string_view name) const {
  const Words words = definition_of(responses_, type);
  CHECK(!words.empty());
  if (words[0] == "struct") {
    if (!value.is_object()) return trouble(name, "must be an object");
    return members(value, words);
  }
  if (words[0] == "enum") {
    if (!value.is_string()) return trouble(name, "must be a string");
    if (std::find(words.begin() + 1, words.end(), value.string()) == words.end())
      return trouble(name, "is not an expected value");
    return {};
  }
  if (!value.is_number()) return trouble(name, "must be a number");
  const auto least = parse_integer(words[1]), most = parse_integer(words[2]);
  if (least && value.real() < static_cast<double>(*least))
    return trouble(name, "is less than the minimum value");
  if (most && value.real() > static_cast<double>(*most))
    return trouble(name, "exceeds the maximum value");
  return {};
}

Result<void> Check::members(const Value& object, const Words& words) const {
  for (size_t i = 1; i + 1 < words.size(); i += 2) {
    const bool is_required = words[i].ends_with('!');
    const std::string_view name = words[i].substr(0, words[i].size() - (is_required ? 1 : 0));
    const Value* member = object.find(name);
    if (member != nullptr) {
      TRY(value(*member, words[i + 1], name));
    } else if (is_required && validation_ == Validation::strict) {
      return trouble(concat("Required field '", name, "' is missing"));
    }
  }
  return {};
}

}  // namespace

Result<void> check_response(std::string_view resource, const Value& result, Validation validation) {
  if (validation == Validation::none) return {};
  // Where a pattern follows the action, others answer.
  const auto called = integrations::parse_resource(resource);
  if (!called) return {};
  const auto service =
      std::find_if(std::begin(services), std::end(services),
                   [&](const Service& each) { return each.name == called->service; });
  if (service == std::end(services)) return {};
  const Words response = definition_of(service->responses, called->action);
  if (response.empty()) return {};
  return Check(service->responses, validation).value(result, response[1], "result");
}

}  // namespace pawl::api::states
