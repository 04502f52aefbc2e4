#include "http/server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <optional>
#include <thread>

#include "base/text.h"
#include "http/client.h"
#include "http/test_socket.h"

namespace pawl::http {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// What tests share: a server with a handler, and requests to it.
class Serving {
 public:
  explicit Serving(Server::Handler handler, ServerOptions options = {}) {
    auto started = Server::start(std::move(options), std::move(handler));
    EXPECT_TRUE(started) << started.error().text();
    server_ = std::move(*started);
  }
  std::string url(std::string_view path = "/") const {
    return concat("http://127.0.0.1:", port(), path);
  }
  Result<Response> post(std::string body, std::string_view path = "/") const {
    ClientRequest request;
    request.method = "POST";
    request.url = url(path);
    request.body = std::move(body);
    return send(request);
  }
  uint16_t port() const { return server_->port(); }
  void stop() { server_.reset(); }

 private:
  std::unique_ptr<Server> server_;
};

void echo(Request request, Responder respond) {
  respond(Response{200, {{"X-Method", request.method}}, std::move(request.body)});
}

// Keeps the responders for later, and lets a test wait for them.
class Later {
 public:
  Server::Handler handler() {
    return [this](Request, Responder responder) {
      const std::lock_guard lock(mutex_);
      kept_.push_back(std::move(responder));
      came_.notify_all();
    };
  }
  std::vector<Responder> take(size_t count) {
    std::unique_lock lock(mutex_);
    came_.wait(lock, [&] { return kept_.size() >= count; });
    return std::move(kept_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<Responder> kept_;
};

TEST(server, gives_the_handler_the_request_as_it_was_sent) {
  const Serving serving([](Request request, Responder respond) {
    respond(
        Response{201,
                 {{"X-Seen", std::string(request.header("x-asked"))}},
                 concat(request.method, "|", request.path, "|", request.query, "|", request.body)});
  });
  ClientRequest request;
  request.method = "PUT";
  request.url = serving.url("/a%20b/c?x=1&y=%2F");
  request.headers = {{"X-Asked", "something"}};
  request.body = std::string("zero\0zero", 9);
  const auto response = send(request);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, std::string("PUT|/a%20b/c|x=1&y=%2F|zero\0zero", 32));
  EXPECT_EQ(Request({"", "", "", response->headers, ""}).header("X-SEEN"), "something");
}

TEST(server, decodes_percents) {
  EXPECT_EQ(decode_percent("arn%3Aaws%3alambda"), "arn:aws:lambda");
  EXPECT_EQ(decode_percent("100%"), "100%");
  EXPECT_EQ(decode_percent("%zz%4"), "%zz%4");
}

TEST(server, reads_the_pairs_of_a_query) {
  const auto pairs = query_pairs("tagKeys=a%26b&&c=d=e&alone&tagKeys=");
  ASSERT_EQ(pairs.size(), 4u);
  const auto is_pair = [&](size_t at, std::string_view name, std::string_view value) {
    return pairs[at].name == name && pairs[at].value == value;
  };
  EXPECT_TRUE(is_pair(0, "tagKeys", "a&b"));
  EXPECT_TRUE(is_pair(1, "c", "d=e"));
  EXPECT_TRUE(is_pair(2, "alone", ""));
  EXPECT_TRUE(is_pair(3, "tagKeys", ""));
  EXPECT_TRUE(query_pairs("").empty());
}

TEST(server, answers_later_from_another_thread) {
  Later later;
  const Serving serving(later.handler());
  std::thread other([&] { later.take(1)[0](Response{200, {}, "late"}); });
  EXPECT_EQ(serving.post("")->body, "late");
  other.join();
}

TEST(server, serves_others_while_many_requests_wait) {
  constexpr int count = 100;
  Later later;
  const Serving serving([hold = later.handler()](Request request, Responder respond) {
    if (request.body == "now") return respond(Response{});
    hold(std::move(request), std::move(respond));
  });
  std::vector<TestSocket> clients;
  for (int number = 0; number < count; ++number) {
    clients.push_back(TestSocket::connect_to(serving.port()));
    clients.back().write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }
  std::vector<Responder> waiting;
  while (waiting.size() < count)
    for (Responder& responder : later.take(1)) waiting.push_back(std::move(responder));
  EXPECT_EQ(serving.post("now")->status, 200);
  for (const Responder& respond : waiting) respond(Response{200, {}, "late"});
  for (TestSocket& client : clients) EXPECT_THAT(client.read(), HasSubstr("late"));
}

TEST(server, answers_500_where_the_responder_is_dropped) {
  const Serving serving([](Request, Responder) {});
  EXPECT_EQ(serving.post("")->status, 500);
}

TEST(server, answers_500_where_the_responder_is_dropped_later) {
  Later later;
  const Serving serving(later.handler());
  std::thread other([&] { later.take(1); });
  EXPECT_EQ(serving.post("")->status, 500);
  other.join();
}

TEST(server, takes_the_first_of_two_answers) {
  const Serving serving([](Request, Responder respond) {
    respond(Response{200, {}, "first"});
    respond(Response{200, {}, "second"});
  });
  EXPECT_EQ(serving.post("")->body, "first");
}

TEST(server, takes_and_gives_large_bodies) {
  const Serving serving(echo);
  std::string body(20 << 20, '.');
  for (size_t at = 0; at < body.size(); at += 997) body[at] = static_cast<char>('a' + at % 26);
  const auto response = serving.post(body);
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_TRUE(response->body == body);
}

TEST(server, refuses_a_body_over_the_limit_and_goes_on) {
  const Serving serving(echo, {.body_bytes_max = 100'000});
  EXPECT_EQ(serving.post(std::string(100'000, 'x'))->status, 200);
  EXPECT_EQ(serving.post(std::string(100'001, 'x'))->status, 413);
  EXPECT_EQ(serving.post("x")->status, 200);
}

TEST(server, refuses_a_body_over_the_limit_before_it_is_sent_where_the_client_asks) {
  const Serving serving(echo, {.body_bytes_max = 1000});
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_THAT(client.read("\r\n"), StartsWith("HTTP/1.1 413"));
}

TEST(server, refuses_a_body_whose_length_is_told_twice) {
  const Serving serving(echo);
  for (const char* second : {"Content-Length: 3", "Transfer-Encoding: chunked"}) {
    TestSocket client = TestSocket::connect_to(serving.port());
    client.write(
        concat("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n", second, "\r\n\r\n"));
    EXPECT_THAT(client.read("\r\n"), StartsWith("HTTP/1.1 400"));
  }
}

TEST(server, hangs_up_on_a_body_without_end) {
  const Serving serving(echo, {.body_bytes_max = 1000});
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int chunk = 0; chunk < 100; ++chunk) client.write("64\r\n" + std::string(100, 'x') + "\r\n");
  EXPECT_EQ(client.read(), "");
}

TEST(server, hangs_up_on_a_client_that_stops_in_mid_request_and_serves_others) {
  const Serving serving(echo, {.idle_limit = seconds(1)});
  TestSocket in_head = TestSocket::connect_to(serving.port());
  in_head.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Le");
  TestSocket in_body = TestSocket::connect_to(serving.port());
  in_body.write("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n12345");
  EXPECT_EQ(serving.post("x")->status, 200);
  EXPECT_THAT(in_head.read(), Not(StartsWith("HTTP/1.1 200")));
  EXPECT_THAT(in_body.read(), Not(StartsWith("HTTP/1.1 200")));
}

TEST(server, hangs_up_on_who_has_been_idle_longest_so_that_new_clients_are_served) {
  const Serving serving(echo, {.connections_max = 10});
  std::vector<TestSocket> idle;
  for (int number = 0; number < 10; ++number) {
    idle.push_back(TestSocket::connect_to(serving.port()));
    // So that it is known to be there before the next one comes.
    idle.back().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(idle.back().read("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  }
  for (int number = 0; number < 10; ++number) {
    TestSocket fresh = TestSocket::connect_to(serving.port());
    fresh.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(fresh.read("\r\n\r\n"), StartsWith("HTTP/1.1 200")) << number;
    EXPECT_EQ(idle[number].read(), "");  // hung up on, in this order
    idle.push_back(std::move(fresh));
  }
}

TEST(server, does_not_hang_up_on_who_waits_for_an_answer_however_many_come) {
  Later later;
  const Serving serving(
      [hold = later.handler()](Request request, Responder respond) {
        if (request.method == "POST") return respond(Response{});
        hold(std::move(request), std::move(respond));
      },
      {.connections_max = 4});
  TestSocket waiting = TestSocket::connect_to(serving.port());
  waiting.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto responders = later.take(1);
  std::vector<TestSocket> idle;
  for (int number = 0; number < 20; ++number)
    idle.push_back(TestSocket::connect_to(serving.port()));
  EXPECT_EQ(serving.post("")->status, 200);
  responders[0](Response{200, {}, "late"});
  EXPECT_THAT(waiting.read(), HasSubstr("late"));
}

TEST(server, hangs_up_on_a_client_that_never_stops_sending_a_little) {
  const Serving serving(echo, {.idle_limit = seconds(1), .request_limit = milliseconds(500)});
  for (const std::string_view beginning :
       {"POST / HTTP/1.1\r\nContent-Length: 9999999\r\n\r\n", "POST /"}) {
    TestSocket client = TestSocket::connect_to(serving.port());
    client.write(beginning);
    pollfd watched{client.number(), POLLIN, 0};
    while (::poll(&watched, 1, 50) == 0) client.write("x");
    EXPECT_EQ(client.read(), "");
  }
}

TEST(server, tells_clients_to_come_again_while_the_bodies_of_others_fill_its_memory) {
  const Serving serving(echo, {.bodies_bytes_max = 100});
  TestSocket first = TestSocket::connect_to(serving.port());
  first.write(
      concat("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 90\r\n\r\n", std::string(80, 'a')));
  // As soon as those bytes are there.
  while (serving.post(std::string(50, 'b'))->status == 200) std::this_thread::yield();
  EXPECT_EQ(serving.post(std::string(50, 'b'))->status, 503);
  EXPECT_EQ(serving.post("small")->status, 200);
  first.write(std::string(10, 'a'));
  EXPECT_THAT(first.read("aaa"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(serving.post(std::string(50, 'b'))->status, 200);
}

TEST(server, counts_a_large_request_until_it_has_been_read) {
  std::mutex mutex;
  std::vector<Request> unread;
  const Serving serving(
      [&](Request request, Responder respond) {
        respond(Response{});
        const std::lock_guard lock(mutex);
        if (request.path == "/keep") unread.push_back(std::move(request));
      },
      {.bodies_bytes_max = 1'000'000});
  const std::string large(700'000, 'x');
  EXPECT_EQ(serving.post(large, "/keep")->status, 200);
  EXPECT_EQ(serving.post(large)->status, 503);
  EXPECT_EQ(serving.post("small")->status, 200);
  {
    const std::lock_guard lock(mutex);
    unread.clear();
  }
  EXPECT_EQ(serving.post(large)->status, 200);
}

// More than sockets hold by themselves.
constexpr size_t much = 32 << 20;

TEST(server, tells_clients_to_come_again_while_others_do_not_take_their_large_answers) {
  const Serving serving(
      [](Request request, Responder respond) {
        respond(Response{200, {}, std::string(request.body.empty() ? much : 10, 'x')});
      },
      {.answers_bytes_max = much * 3 / 2});
  TestSocket slow = TestSocket::connect_to(serving.port());
  slow.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(slow.read("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  EXPECT_EQ(serving.post("")->status, 503);
  EXPECT_EQ(serving.post("small")->status, 200);
  EXPECT_EQ(slow.read().size(), much);
  // As soon as the server has seen that it is taken.
  while (serving.post("")->status == 503) std::this_thread::yield();
}

TEST(server, hangs_up_on_who_takes_an_answer_too_slowly) {
  const Serving serving(
      [](Request, Responder respond) {
        respond({200, {}, std::string(much, 'x')});
      },
      {.answers_bytes_max = much * 3 / 2, .request_limit = milliseconds(500)});
  TestSocket slow = TestSocket::connect_to(serving.port());
  slow.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(slow.read("\r\n\r\n"), StartsWith("HTTP/1.1 200"));
  while (serving.post("")->status == 503) std::this_thread::yield();
  EXPECT_LT(slow.read().size(), much);
}

TEST(server, refuses_a_body_in_a_coding_that_it_does_not_know) {
  const Serving serving(echo);
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\n");
  EXPECT_THAT(client.read("\r\n"), StartsWith("HTTP/1.1 501"));
}

TEST(server, refuses_headers_over_the_limit) {
  const Serving serving(echo, {.header_bytes_max = 8 << 10});
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write(
      concat("GET / HTTP/1.1\r\nHost: x\r\nX-Long: ", std::string(20'000, 'x'), "\r\n\r\n"));
  EXPECT_THAT(client.read("\r\n"), StartsWith("HTTP/1.1 431"));
  EXPECT_EQ(serving.post("x")->status, 200);
}

TEST(server, does_not_count_the_wait_for_an_answer_as_idleness) {
  Later later;
  const Serving serving(later.handler(), {.idle_limit = seconds(1)});
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto responders = later.take(1);
  pollfd watched{client.number(), POLLIN, 0};
  EXPECT_EQ(::poll(&watched, 1, 2500), 0) << "nothing comes, and nobody hangs up";
  responders[0](Response{200, {}, "late"});
  EXPECT_THAT(client.read(), HasSubstr("late"));
}

TEST(server, keeps_the_connection_for_the_next_request) {
  const Serving serving(echo);
  TestSocket client = TestSocket::connect_to(serving.port());
  for (const char* body : {"one", "two"}) {
    client.write(concat("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n", body));
    EXPECT_THAT(client.read(body), HasSubstr("200 OK"));
  }
}

TEST(server, answers_a_bad_request_itself) {
  std::atomic<int> calls{0};
  const Serving serving([&](Request request, Responder respond) {
    ++calls;
    echo(std::move(request), std::move(respond));
  });
  TestSocket client = TestSocket::connect_to(serving.port());
  client.write("this is no HTTP at all\r\n\r\n");
  EXPECT_THAT(client.read(), Not(HasSubstr(" 200 ")));
  EXPECT_EQ(calls, 0);
}

TEST(server, takes_requests_from_many_threads) {
  const Serving serving(echo);
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 8; ++thread)
    threads.emplace_back([&, thread] {
      for (int number = 0; number < 100; ++number) {
        const std::string body = concat(thread, "/", number);
        const auto response = serving.post(body);
        right += response && response->body == body;
      }
    });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right, 800);
}

TEST(server, waits_for_requests_in_flight_when_it_stops) {
  Later later;
  Serving serving(later.handler(), {.stop_limit = minutes(1)});
  auto response = std::async(std::launch::async, [&, url = serving.url()] {
    return send(ClientRequest{.url = url})->body;
  });
  auto responders = later.take(1);
  std::thread stopper([&] { serving.stop(); });
  responders[0](Response{200, {}, "in time"});
  stopper.join();
  EXPECT_EQ(response.get(), "in time");
}

TEST(server, answers_503_for_what_is_not_answered_when_it_stops) {
  Later later;
  Serving serving(later.handler(), {.stop_limit = milliseconds(1)});
  auto status = std::async(std::launch::async, [&, url = serving.url()] {
    return send(ClientRequest{.url = url})->status;
  });
  const auto responders = later.take(1);
  serving.stop();
  EXPECT_EQ(status.get(), 503);
  responders[0](Response{200, {}, "too late, and harmless"});
}

TEST(server, takes_no_more_while_it_stops) {
  Later later;
  Serving serving(
      [hold = later.handler()](Request request, Responder respond) {
        if (request.path == "/now") return respond(Response{200, {}, "now"});
        hold(std::move(request), std::move(respond));
      },
      {.stop_limit = minutes(1)});
  const std::string url = serving.url();
  TestSocket idle = TestSocket::connect_to(serving.port());
  idle.write("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(idle.read("now"), HasSubstr("200 OK"));
  auto pending =
      std::async(std::launch::async, [&] { return send(ClientRequest{.url = url})->status; });
  const auto responders = later.take(1);

  std::thread stopper([&] { serving.stop(); });
  while (send(ClientRequest{.url = url + "now"})) {
  }
  idle.write("GET /now HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(idle.read(), HasSubstr("503"));
  responders[0](Response{});
  stopper.join();
  EXPECT_EQ(pending.get(), 200);
}

TEST(server, outlives_clients_that_leave_before_the_answer) {
  Later later;
  Serving serving(later.handler(), {.stop_limit = minutes(1)});
  {
    TestSocket client = TestSocket::connect_to(serving.port());
    client.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    const auto responders = later.take(1);
    client.close();
    responders[0](Response{200, {}, std::string(10 << 20, 'x')});
  }
  serving.stop();
}

TEST(server, says_where_it_cannot_listen) {
  const Serving serving(echo);
  const auto second = Server::start({.port = serving.port()}, echo);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code(), ErrorCode::conflict);
  EXPECT_THAT(second.error().message(), HasSubstr(concat("127.0.0.1:", serving.port())));
  EXPECT_FALSE(Server::start({.host = "no such host"}, echo));
}

}  // namespace
}  // namespace pawl::http
