#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/time.h"
#include "http/server.h"

struct MHD_Connection;

namespace pawl::http {

Response plain(int status, std::string text);

// One request and its answer, shared by the connection and whoever answers.
class Conversation {
 public:
  explicit Conversation(std::string_view uri);

  // The first answer counts.
  void answer(Response response);
  // The answer, or nothing: then the connection sleeps until there is one. The lock makes sure that
  // it is never woken before it sleeps.
  std::optional<Response> answer_or_suspend(MHD_Connection* connection);
  // A connection that sleeps is not watched, so it is asked.
  bool is_client_there();

  enum class Stage { headers, body, answer };
  Stage stage = Stage::headers;
  Request request;
  size_t body_bytes = 0;  // with those that were not kept
  bool is_over_capacity = false;
  size_t answer_bytes = 0;  // that count as held while it is sent

 private:
  std::mutex mutex_;
  bool is_answered_ = false;
  std::optional<Response> response_;
  MHD_Connection* suspended_ = nullptr;
};

// Held by the responders alone: when the last has gone, nobody can answer any more.
struct Responder::Exchange {
  explicit Exchange(std::shared_ptr<Conversation> with) : conversation(std::move(with)) {}
  Exchange(const Exchange&) = delete;
  ~Exchange() { conversation->answer(plain(500, "the request was not answered")); }
  std::shared_ptr<Conversation> conversation;
};

// The requests in the hands of the handler, until their answers are sent.
class Traffic {
 public:
  using Conversations = std::set<std::shared_ptr<Conversation>>;

  // False once it is closed.
  bool enter(const std::shared_ptr<Conversation>& conversation);
  void leave(const std::shared_ptr<Conversation>& conversation);
  void close();
  // What is still open after that time.
  Conversations wait(Duration limit);

 private:
  std::mutex mutex_;
  std::condition_variable emptied_;
  Conversations open_;
  bool is_closed_ = false;
};

}  // namespace pawl::http
