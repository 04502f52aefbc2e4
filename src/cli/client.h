#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/credentials.h"
#include "base/result.h"
#include "base/time.h"
#include "http/client.h"
#include "json/value.h"

namespace pawl::cli {

// The server, as the verbs speak to it. Errors: unavailable where it does not answer, otherwise
// what the service's error means; the message begins with the service's own name for it.
class Client {
 public:
  // With credentials every call is signed.
  explicit Client(std::string url, std::optional<aws::Credentials> credentials = {});

  // An operation of AWS JSON 1.0: "AWSStepFunctions.StartExecution", "Pawl.DescribeActivities".
  Result<json::Value> call(std::string_view target, const json::Value& input) const;
  // What a function has ended with: its result, or an error of its own.
  struct Ended {
    json::Value payload;
    bool is_error = false;
  };
  // A function, to its end, through Lambda's Invoke. Error: it could not be called.
  Result<Ended> call_function(std::string_view function, const json::Value& event) const;
  // The same of a function of ours: what the names of its errors mean is known.
  Result<json::Value> invoke(std::string_view function, const json::Value& event) const;

  // An operation of AWS Batch, by its name: "SubmitJob".
  Result<json::Value> batch(std::string_view operation, const json::Value& input) const;

  // An operation of the Lambda API, which is at its path: "GET /2015-03-31/functions/name".
  struct Lambda {
    std::string_view method, path;
    json::Value input = {};  // null: none
  };
  Result<json::Value> call(const Lambda& operation) const;

  // All elements of a list operation, page after page. `wants_more` sees every element and says
  // whether to go on; `see`, each page as it was answered.
  using WantsMore = std::function<bool(const json::Value&)>;
  using See = std::function<void(const json::Value&)>;
  Result<std::vector<json::Value>> list(std::string_view target, json::Value input,
                                        std::string_view member, const WantsMore& wants_more,
                                        const See& see = {}) const;

  const std::string& url() const { return url_; }
  const std::optional<aws::Credentials>& credentials() const { return credentials_; }
  // How long a call may take; a function may take its own time.
  Duration limit = seconds(60);

 private:
  Result<http::Response> send(http::ClientRequest request, std::string_view service) const;

  std::string url_;
  std::optional<aws::Credentials> credentials_;
};

// What an error name of the service or of a function means to a caller.
ErrorCode meaning(std::string_view error_name);

}  // namespace pawl::cli
