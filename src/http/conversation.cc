#include "http/conversation.h"

#include <microhttpd.h>
#include <sys/socket.h>

#include <cerrno>

namespace pawl::http {

Response plain(int status, std::string text) {
  return Response{status, {{"Content-Type", "text/plain"}}, std::move(text) + "\n"};
}

Conversation::Conversation(std::string_view uri) {
  const size_t question = uri.find('?');
  request.path = uri.substr(0, question);
  if (question != std::string_view::npos) request.query = uri.substr(question + 1);
}

void Conversation::answer(Response response) {
  const std::lock_guard lock(mutex_);
  if (is_answered_) return;
  is_answered_ = true;
  response_ = std::move(response);
  if (suspended_) MHD_resume_connection(std::exchange(suspended_, nullptr));
}

std::optional<Response> Conversation::answer_or_suspend(MHD_Connection* connection) {
  const std::lock_guard lock(mutex_);
  if (is_answered_) return std::exchange(response_, std::nullopt);
  suspended_ = connection;
  MHD_suspend_connection(connection);
  return std::nullopt;
}

bool Conversation::is_client_there() {
  const std::lock_guard lock(mutex_);
  if (!suspended_) return !is_answered_;
  const auto* about = MHD_get_connection_info(suspended_, MHD_CONNECTION_INFO_CONNECTION_FD);
  if (!about) return true;
  char byte;
  const ssize_t read = ::recv(about->connect_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return read > 0 || (read < 0 && (errno == EAGAIN || errno == EINTR));
}

bool Traffic::enter(const std::shared_ptr<Conversation>& conversation) {
  const std::lock_guard lock(mutex_);
  return !is_closed_ && open_.insert(conversation).second;
}

void Traffic::leave(const std::shared_ptr<Conversation>& conversation) {
  const std::lock_guard lock(mutex_);
  open_.erase(conversation);
  if (open_.empty()) emptied_.notify_all();
}

void Traffic::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
}

Traffic::Conversations Traffic::wait(Duration limit) {
  std::unique_lock lock(mutex_);
  emptied_.wait_for(lock, limit, [&] { return open_.empty(); });
  return open_;
}

Responder::Responder(std::shared_ptr<Exchange> exchange) : exchange_(std::move(exchange)) {}

void Responder::operator()(Response response) const {
  exchange_->conversation->answer(std::move(response));
}

bool Responder::is_client_there() const { return exchange_->conversation->is_client_there(); }

}  // namespace pawl::http
