#include "http/server.h"

#include <microhttpd.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstdarg>
#include <cstdio>

#include "base/log.h"
#include "base/text.h"
#include "http/connections.h"
#include "http/conversation.h"
#include "http/listening_socket.h"

namespace pawl::http {
namespace {

// The text itself becomes the response's buffer: a large answer is not copied.
MHD_Response* make_response(Response response) {
  auto* body = new std::string(std::move(response.body));
  MHD_Response* made = MHD_create_response_from_buffer_with_free_callback_cls(
      body->size(), body->data(), [](void* owned) { delete static_cast<std::string*>(owned); },
      body);
  CHECK(made != nullptr);
  for (const Header& header : response.headers)
    if (MHD_add_response_header(made, header.name.c_str(), header.value.c_str()) != MHD_YES)
      log(LogLevel::warning, "a response header is malformed and was left out",
          {{"name", header.name}});
  return made;
}

MHD_Result queue_response(MHD_Connection* connection, Response response) {
  const unsigned status = response.status;
  MHD_Response* made = make_response(std::move(response));
  const MHD_Result queued = MHD_queue_response(connection, status, made);
  MHD_destroy_response(made);
  return queued;
}

std::vector<Header> headers_of(MHD_Connection* connection) {
  std::vector<Header> headers;
  MHD_get_connection_values(
      connection, MHD_HEADER_KIND,
      [](void* out, MHD_ValueKind, const char* name, const char* value) {
        static_cast<std::vector<Header>*>(out)->push_back({name, value ? value : ""});
        return MHD_YES;
      },
      &headers);
  return headers;
}

// What is larger counts against a limit for as long as it is held.
constexpr size_t small_bytes_max = 64 << 10;

// Bytes of many clients together; of one alone any number. Any thread.
class HeldBytes {
 public:
  explicit HeldBytes(size_t most) : most_(most) {}
  bool take(size_t bytes) {
    const size_t others = held_.fetch_add(bytes);
    if (others == 0 || others + bytes <= most_) return true;
    give_back(bytes);
    return false;
  }
  void give_back(size_t bytes) { held_ -= bytes; }

 private:
  const size_t most_;
  std::atomic<size_t> held_ = 0;
};

class MicroServer : public Server {
 public:
  MicroServer(ServerOptions options, Handler handler)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        connections_({.connections_max = options_.connections_max,
                      .idle_max = options_.idle_limit + options_.request_limit,
                      .sending_max = options_.request_limit}),
        bodies_(std::make_shared<HeldBytes>(options_.bodies_bytes_max)),
        answers_(options_.answers_bytes_max) {}
  ~MicroServer() override;

  Result<void> listen();
  uint16_t port() const override { return port_; }

 private:
  static void on_connection(void* self, MHD_Connection*, void** entry,
                            MHD_ConnectionNotificationCode);
  static void* on_uri(void* self, const char* uri, MHD_Connection*);
  static MHD_Result on_request(void* self, MHD_Connection* connection, const char* url,
                               const char* method, const char* version, const char* bytes,
                               size_t* count, void** conversation);
  static void on_completed(void* self, MHD_Connection*, void** conversation,
                           MHD_RequestTerminationCode);
  static void on_log(void*, const char* format, va_list arguments);

  MHD_Result begin(MHD_Connection* connection, Conversation& conversation);
  MHD_Result collect(Conversation& conversation, std::string_view bytes);
  MHD_Result hand_over(MHD_Connection* connection, const std::shared_ptr<Conversation>&);
  MHD_Result answer_or_suspend(MHD_Connection* connection, Conversation& conversation);
  MHD_Result send(MHD_Connection* connection, Conversation& conversation, Response response);
  void forget_body(Conversation& conversation);
  void hold_while_it_lives(Request& request);

  ServerOptions options_;
  Handler handler_;
  Connections connections_;
  std::shared_ptr<HeldBytes> bodies_;  // large ones may be with their readers after our end
  HeldBytes answers_;
  Traffic traffic_;
  world::FileDescriptor socket_;
  uint16_t port_ = 0;
  MHD_Daemon* daemon_ = nullptr;
};

Connections::Entry* entry_of(MHD_Connection* connection) {
  const auto* about = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
  return static_cast<Connections::Entry*>(about->socket_context);
}

void MicroServer::on_connection(void* self, MHD_Connection* connection, void** entry,
                                MHD_ConnectionNotificationCode code) {
  Connections& connections = static_cast<MicroServer*>(self)->connections_;
  if (code == MHD_CONNECTION_NOTIFY_CLOSED)
    return connections.closed(static_cast<Connections::Entry*>(*entry));
  const auto* about = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
  *entry = connections.opened(about->connect_fd);
}

void* MicroServer::on_uri(void* self, const char* uri, MHD_Connection* connection) {
  static_cast<MicroServer*>(self)->connections_.sends(entry_of(connection));
  return new std::shared_ptr<Conversation>(std::make_shared<Conversation>(uri));
}

void MicroServer::on_completed(void* self, MHD_Connection* connection, void** conversation,
                               MHD_RequestTerminationCode) {
  auto* owned = static_cast<std::shared_ptr<Conversation>*>(*conversation);
  if (!owned) return;
  auto& server = *static_cast<MicroServer*>(self);
  server.forget_body(**owned);
  server.answers_.give_back((*owned)->answer_bytes);
  server.traffic_.leave(*owned);
  server.connections_.is_idle(entry_of(connection));
  delete owned;
  *conversation = nullptr;
}

// What clients do wrong is not our operator's trouble.
void MicroServer::on_log(void*, const char* format, va_list arguments) {
  char text[512];
  std::vsnprintf(text, sizeof text, format, arguments);
  log(LogLevel::debug, "http server", {{"detail", std::string(trim(text))}});
}

// Called when the headers are there, then for each piece of the body, at its end, and again when a
// suspended connection has been resumed.
MHD_Result MicroServer::on_request(void* self, MHD_Connection* connection, const char*,
                                   const char* method, const char*, const char* bytes,
                                   size_t* count, void** conversation) {
  auto& server = *static_cast<MicroServer*>(self);
  const auto& talk = *static_cast<std::shared_ptr<Conversation>*>(*conversation);
  if (talk->stage == Conversation::Stage::headers) {
    talk->stage = Conversation::Stage::body;
    talk->request.method = method;
    return server.begin(connection, *talk);
  }
  if (talk->stage == Conversation::Stage::body) {
    if (*count > 0) return server.collect(*talk, std::string_view(bytes, std::exchange(*count, 0)));
    talk->stage = Conversation::Stage::answer;
    return server.hand_over(connection, talk);
  }
  return server.answer_or_suspend(connection, *talk);
}

// Where the length of a body is told twice, a proxy before us may see another end of it, and take
// the rest for a request of its own (RFC 9112, section 6.3).
bool tells_its_length_twice(const std::vector<Header>& headers) {
  return std::ranges::count_if(headers, [](const Header& each) {
           const std::string name = lower(each.name);
           return name == "content-length" || name == "transfer-encoding";
         }) > 1;
}

// The only coding with an end that can be found (RFC 9112, section 6.1).
bool is_coded_otherwise(const Request& request) {
  const std::string_view coding = request.header("Transfer-Encoding");
  return !coding.empty() && lower(trim(coding)) != "chunked";
}

// A client that asks before it sends is told at once; one that does not would never read the answer
// while it is sending, so its body is read and dropped, within reason.
MHD_Result MicroServer::begin(MHD_Connection* connection, Conversation& conversation) {
  conversation.request.headers = headers_of(connection);
  if (tells_its_length_twice(conversation.request.headers))
    return send(connection, conversation, plain(400, "the length of the body is told twice"));
  if (is_coded_otherwise(conversation.request))
    return send(connection, conversation,
                plain(501, "no transfer encoding is offered but chunked"));
  const auto declared = parse_integer(conversation.request.header("Content-Length"));
  if (!declared || static_cast<uint64_t>(*declared) <= options_.body_bytes_max) {
    conversation.request.body.reserve(std::min<uint64_t>(declared.value_or(0), 1 << 20));
    return MHD_YES;
  }
  const bool is_worth_reading = static_cast<uint64_t>(*declared) <= 2 * options_.body_bytes_max;
  if (conversation.request.header("Expect").empty() && is_worth_reading) return MHD_YES;
  return send(connection, conversation, plain(413, "the body is too large"));
}

// Bodies of many clients together could fill the memory: then the newest bytes are dropped, and
// their client is told to come again.
MHD_Result MicroServer::collect(Conversation& conversation, std::string_view bytes) {
  conversation.body_bytes += bytes.size();
  if (conversation.body_bytes > 2 * options_.body_bytes_max) return MHD_NO;
  if (conversation.is_over_capacity || conversation.body_bytes > options_.body_bytes_max)
    return MHD_YES;
  conversation.is_over_capacity = !bodies_->take(bytes.size());
  if (conversation.is_over_capacity)
    forget_body(conversation);
  else
    conversation.request.body += bytes;
  return MHD_YES;
}

void MicroServer::forget_body(Conversation& conversation) {
  bodies_->give_back(conversation.request.body.size());
  conversation.request.body = std::string();
}

// A small body is read at once; a large one may have to wait for that.
void MicroServer::hold_while_it_lives(Request& request) {
  const size_t bytes = request.body.size();
  if (bytes <= small_bytes_max) return bodies_->give_back(bytes);
  const auto give_back = [held = bodies_, bytes](const void*) { held->give_back(bytes); };
  request.place = std::shared_ptr<const void>(nullptr, give_back);
}

MHD_Result MicroServer::hand_over(MHD_Connection* connection,
                                  const std::shared_ptr<Conversation>& conversation) {
  connections_.waits_for_answer(entry_of(connection));
  if (conversation->body_bytes > options_.body_bytes_max)
    return send(connection, *conversation, plain(413, "the body is too large"));
  if (conversation->is_over_capacity)
    return send(connection, *conversation,
                plain(503, "too many large requests at once; try again"));
  if (!traffic_.enter(conversation)) {
    Response stopping = plain(503, "the server is stopping");
    stopping.headers.push_back({"Connection", "close"});
    return send(connection, *conversation, std::move(stopping));
  }
  Request request = std::exchange(conversation->request, Request());
  hold_while_it_lives(request);
  handler_(std::move(request), Responder(std::make_shared<Responder::Exchange>(conversation)));
  return answer_or_suspend(connection, *conversation);
}

MHD_Result MicroServer::answer_or_suspend(MHD_Connection* connection, Conversation& conversation) {
  auto response = conversation.answer_or_suspend(connection);
  return response ? send(connection, conversation, std::move(*response)) : MHD_YES;
}

// Answers that nobody takes could fill the memory, too: one is then left out, and its client told
// to come again.
MHD_Result MicroServer::send(MHD_Connection* connection, Conversation& conversation,
                             Response response) {
  connections_.takes_answer(entry_of(connection));
  const size_t bytes = response.body.size();
  if (bytes > small_bytes_max) {
    if (!answers_.take(bytes))
      return queue_response(connection, plain(503, "too many large answers at once; try again"));
    conversation.answer_bytes = bytes;
  }
  return queue_response(connection, std::move(response));
}

Result<void> MicroServer::listen() {
  socket_ = TRY(listen_on(options_.host, options_.port));
  port_ = port_of(socket_);
  constexpr unsigned threads = 2;
  const auto idle_limit = std::chrono::ceil<seconds>(options_.idle_limit).count();
  // Each thread may have half of these, so while one is full the other is not: there are never more
  // than connections_max for long, as we hang up on idle ones ourselves.
  const auto accepted_max = static_cast<unsigned>(options_.connections_max * 5 / 4 + 2 * threads);
  daemon_ = MHD_start_daemon(
      MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC | MHD_USE_ERROR_LOG,
      port_, nullptr, nullptr, &on_request, this,    //
      MHD_OPTION_EXTERNAL_LOGGER, &on_log, nullptr,  //
      MHD_OPTION_LISTEN_SOCKET, socket_.number(),    //
      MHD_OPTION_THREAD_POOL_SIZE, threads,          //
      MHD_OPTION_CONNECTION_LIMIT, accepted_max, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
      options_.header_bytes_max,                           //
      MHD_OPTION_NOTIFY_CONNECTION, &on_connection, this,  //
      MHD_OPTION_CONNECTION_TIMEOUT, static_cast<unsigned>(std::max<int64_t>(idle_limit, 1)),
      MHD_OPTION_URI_LOG_CALLBACK, &on_uri, this,        //
      MHD_OPTION_NOTIFY_COMPLETED, &on_completed, this,  //
      MHD_OPTION_END);
  if (!daemon_) return Error(ErrorCode::failed, concat("cannot start the server on port ", port_));
  return {};
}

MicroServer::~MicroServer() {
  if (!daemon_) return;
  traffic_.close();
  MHD_quiesce_daemon(daemon_);
  ::shutdown(socket_.number(), SHUT_RDWR);  // so that those who knock are refused at once
  for (const auto& late : traffic_.wait(options_.stop_limit))
    late->answer(plain(503, "the server is stopping"));
  // The library would abort over a suspended connection; the last answers wake them all.
  traffic_.wait(seconds(1));
  MHD_stop_daemon(daemon_);
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(ServerOptions options, Handler handler) {
  auto server = std::make_unique<MicroServer>(std::move(options), std::move(handler));
  TRY(server->listen());
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace pawl::http
