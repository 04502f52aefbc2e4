#include "http/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/text.h"
#include "http/test_socket.h"

namespace pawl::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string url(const TestSocket& listener) {
  return concat("http://127.0.0.1:", listener.port(), "/path?token=secret");
}

// Answers one connection with these bytes and hands out what was asked.
std::string exchange(TestSocket& listener, std::string_view answer) {
  TestSocket connection = listener.accept();
  const std::string asked = connection.read("\r\n\r\n");
  connection.write(answer);
  return asked;
}

TEST(client, gives_every_status_as_a_value) {
  TestSocket listener = TestSocket::listening();
  std::string asked;
  std::thread server([&] {
    asked = exchange(listener,
                     "HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 4\r\n\r\nbody");
  });
  ClientRequest request{.method = "POST", .url = url(listener), .headers = {{"X-Empty", ""}}};
  const auto response = send(request);
  server.join();
  ASSERT_TRUE(response) << response.error().text();
  EXPECT_EQ(response->status, 302);
  EXPECT_EQ(response->body, "body");
  ASSERT_EQ(response->headers.size(), 2u);
  EXPECT_EQ(response->headers[0].name, "Location");
  EXPECT_EQ(response->headers[0].value, "/elsewhere");
  EXPECT_THAT(asked, HasSubstr("POST /path?token=secret HTTP/1.1\r\n"));
  EXPECT_THAT(asked, HasSubstr("X-Empty:"));
  EXPECT_THAT(asked, HasSubstr("Content-Length: 0\r\n"));
  EXPECT_THAT(asked, Not(HasSubstr("Content-Type")));
}

TEST(client, says_unavailable_where_nobody_listens_and_keeps_the_url_to_itself) {
  std::string target;
  {
    const TestSocket listener = TestSocket::listening();
    target = url(listener);
  }
  const auto response = send(ClientRequest{.url = target});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::unavailable);
  EXPECT_THAT(response.error().message(), HasSubstr("http://127.0.0.1:"));
  EXPECT_THAT(response.error().message(), Not(HasSubstr("secret")));
}

TEST(client, says_timed_out_where_the_answer_does_not_come) {
  const TestSocket silent = TestSocket::listening();
  const auto response = send(ClientRequest{.url = url(silent), .limit = milliseconds(30)});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code(), ErrorCode::timed_out);
}

TEST(client, says_unavailable_where_the_server_hangs_up) {
  TestSocket listener = TestSocket::listening();
  std::thread server([&] { exchange(listener, ""); });
  EXPECT_EQ(send(ClientRequest{.url = url(listener)}).error().code(), ErrorCode::unavailable);
  server.join();
}

TEST(client, refuses_what_is_no_request) {
  const auto refuses = [](const ClientRequest& request) {
    const auto response = send(request);
    return !response && response.error().code() == ErrorCode::invalid_argument;
  };
  EXPECT_TRUE(refuses({.url = "file:///etc/passwd"}));
  EXPECT_TRUE(refuses({.url = "http://"}));
  EXPECT_TRUE(refuses({.url = "http://127.0.0.1:1", .headers = {{"X", "a\r\nInjected: b"}}}));
  EXPECT_TRUE(refuses({.method = "GET / HTTP/1.1\r\nX: ", .url = "http://127.0.0.1:1"}));
}

}  // namespace
}  // namespace pawl::http
