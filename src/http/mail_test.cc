#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "base/hash.h"
#include "base/text.h"
#include "http/client.h"
#include "http/mail_text.h"
#include "http/test_socket.h"

namespace pawl::http {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A mail server for one mail; a command that begins with `refused` is answered with `refusal`.
class MailServer {
 public:
  explicit MailServer(std::string refused = {}, std::string refusal = {})
      : refused_(std::move(refused)), refusal_(std::move(refusal)) {}
  ~MailServer() { join(); }

  std::string url() const { return concat("smtp://127.0.0.1:", listener_.port()); }
  void join() {
    if (thread_.joinable()) thread_.join();
  }

  std::vector<std::string> envelope;  // MAIL and RCPT as they came
  std::string text;                   // what came between DATA and the dot, dots still stuffed

 private:
  void serve() {
    TestSocket client = listener_.accept();
    client.write("220 ready\r\n");
    for (std::string line; !(line = client.read("\r\n")).empty();) {
      line.resize(line.size() - 2);
      if (!refused_.empty() && line.starts_with(refused_)) {
        client.write(refusal_ + "\r\n");
      } else if (line == "DATA") {
        client.write("354 go on\r\n");
        text = client.read("\r\n.\r\n");
        client.write("250 taken\r\n");
      } else if (line == "QUIT") {
        return client.write("221 bye\r\n");
      } else {
        if (!line.starts_with("EHLO")) envelope.push_back(line);
        client.write("250 fine\r\n");
      }
    }
  }

  std::string refused_, refusal_;
  TestSocket listener_ = TestSocket::listening();
  std::thread thread_{[this] { serve(); }};
};

Mail mail_to(const MailServer& server) {
  return Mail{.server = server.url(),
              .from = "pawl@example.com",
              .to = {"dba@example.com", "boss@example.com"},
              .subject = "restored",
              .body = "all is well\n"};
}

TEST(mail, reaches_the_server_with_its_envelope_and_text) {
  MailServer server;
  const auto sent = send(mail_to(server));
  server.join();
  ASSERT_TRUE(sent) << sent.error().text();
  EXPECT_THAT(server.envelope,
              ElementsAre(StartsWith("MAIL FROM:<pawl@example.com>"), "RCPT TO:<dba@example.com>",
                          "RCPT TO:<boss@example.com>"));
  EXPECT_THAT(server.text, HasSubstr("\r\nFrom: pawl@example.com\r\n"));
  EXPECT_THAT(server.text, HasSubstr("To: dba@example.com,\r\n boss@example.com\r\n"));
  EXPECT_THAT(server.text, HasSubstr("Subject: restored\r\n"));
  EXPECT_THAT(server.text, HasSubstr("\r\n\r\nall is well\r\n.\r\n"));
}

TEST(mail, is_not_sent_in_the_clear_where_encryption_is_required) {
  MailServer server;
  Mail mail = mail_to(server);
  mail.requires_tls = true;
  EXPECT_FALSE(send(mail));
  server.join();
  EXPECT_EQ(server.text, "");
  EXPECT_THAT(server.envelope, ::testing::Each(Not(StartsWith("MAIL FROM"))));
}

TEST(mail, does_not_end_at_a_line_with_a_dot) {
  MailServer server;
  Mail mail = mail_to(server);
  mail.body = ".hidden\n.\nMAIL FROM:<evil@example.com>\n";
  ASSERT_TRUE(send(mail));
  server.join();
  EXPECT_THAT(server.text, HasSubstr("\r\n..hidden\r\n..\r\nMAIL FROM:<evil@example.com>\r\n"));
  EXPECT_EQ(server.envelope.size(), 3u);
}

TEST(mail, tells_a_refusal_for_good_from_one_for_now) {
  for (const auto& [refusal, code] : {std::pair("550 no such user", ErrorCode::permission_denied),
                                      std::pair("451 come back later", ErrorCode::unavailable)}) {
    MailServer server("RCPT", refusal);
    const auto sent = send(mail_to(server));
    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code(), code) << sent.error().text();
    EXPECT_THAT(sent.error().message(), HasSubstr("smtp://127.0.0.1:"));
  }
}

TEST(mail, says_unavailable_where_nobody_listens) {
  Mail mail{.from = "a@example.com", .to = {"b@example.com"}};
  {
    const TestSocket listener = TestSocket::listening();
    mail.server = concat("smtp://127.0.0.1:", listener.port());
  }
  EXPECT_EQ(send(mail).error().code(), ErrorCode::unavailable);
}

TEST(mail, says_timed_out_where_the_server_is_silent) {
  const TestSocket silent = TestSocket::listening();
  const Mail mail{.server = concat("smtp://127.0.0.1:", silent.port()),
                  .from = "a@example.com",
                  .to = {"b@example.com"},
                  .limit = milliseconds(30)};
  EXPECT_EQ(send(mail).error().code(), ErrorCode::timed_out);
}

TEST(mail, refuses_addresses_that_would_say_more_than_an_address) {
  for (const char* address : {"", "nobody", "@example.com", "a@", "a@b\r\nBcc: c@d", "a b@c",
                              "a@b>", "<a@b>", "a@b,c@d"}) {
    const auto checked = check_address(address);
    ASSERT_FALSE(checked) << address;
    EXPECT_EQ(checked.error().code(), ErrorCode::invalid_argument);
  }
  EXPECT_TRUE(check_address("first.last+tag@example.com"));
  EXPECT_FALSE(send(Mail{.server = "smtp://127.0.0.1:1", .from = "a@b", .to = {"x\n@y"}}));
}

TEST(mail, encodes_a_subject_that_is_not_ascii_without_tearing_characters) {
  EXPECT_EQ(encode_header("restored 3 of 3"), "restored 3 of 3");
  EXPECT_EQ(encode_header("Gerät"), concat("=?UTF-8?B?", base64("Gerät"), "?="));

  std::string subject;
  for (int number = 0; number < 50; ++number) subject += "a€";
  std::string decoded;
  const std::string encoded = encode_header(subject);
  for (const std::string_view word : split(encoded, '\n')) {
    const std::string_view trimmed = trim(word);
    EXPECT_LE(trimmed.size(), 75u);
    ASSERT_TRUE(trimmed.starts_with("=?UTF-8?B?") && trimmed.ends_with("?="));
    std::string part;
    ASSERT_TRUE(parse_base64(trimmed.substr(10, trimmed.size() - 12), part));
    EXPECT_NE(static_cast<unsigned char>(part[0]) & 0xc0, 0x80) << "a torn character";
    decoded += part;
  }
  EXPECT_EQ(decoded, subject);
}

TEST(mail, makes_a_line_break_in_the_subject_harmless) {
  const std::string text = compose(
      {.from = "a@b", .to = {"c@d"}, .subject = "x\r\nBcc: evil@example.com", .body = "text"},
      Instant(), "id@b");
  EXPECT_THAT(text, Not(HasSubstr("Bcc")));
}

TEST(mail, writes_a_body_that_is_not_ascii_as_base64) {
  std::string body;
  for (int line = 0; line < 20; ++line) body += "größer als nötig\n";
  const std::string text = compose({.from = "a@b", .to = {"c@d"}, .body = body},
                                   *parse_instant("2026-11-21T02:18:04Z"), "id@b");
  EXPECT_THAT(text, StartsWith("Date: Sat, 21 Nov 2026 02:18:04 +0000\r\n"));
  EXPECT_THAT(text, HasSubstr("Content-Transfer-Encoding: base64\r\n"));
  std::string decoded;
  const std::string encoded = text.substr(text.find("\r\n\r\n") + 4);
  ASSERT_TRUE(parse_base64(replace_all(encoded, "\r\n", ""), decoded));
  EXPECT_EQ(decoded, body);
}

}  // namespace
}  // namespace pawl::http
