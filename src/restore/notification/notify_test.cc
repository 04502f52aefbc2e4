#include "restore/notification/notify.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <mutex>
#include <thread>

#include "base/text.h"
#include "http/server.h"
#include "json/parse.h"
#include "restore/questions/testing.h"
#include "world/files.h"

namespace pawl::restore {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A mail server for one connection at a time: takes what it is sent, or refuses every recipient.
class MailServer {
 public:
  explicit MailServer(bool refuses = false) : refuses_(refuses) {
    socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    CHECK(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    CHECK(::listen(socket_, 4) == 0);
    CHECK(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    url_ = concat("smtp://127.0.0.1:", ntohs(address.sin_port));
    thread_ = std::thread([this] { serve(); });
  }
  ~MailServer() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  const std::string& url() const { return url_; }
  std::string received() {
    const std::lock_guard lock(mutex_);
    return received_;
  }

 private:
  void serve() {
    for (int peer; (peer = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(peer)) talk(peer);
  }
  void talk(int peer) {
    say(peer, "220 test ready");
    std::string line;
    bool is_text = false;
    for (char c; ::read(peer, &c, 1) == 1;) {
      line += c;
      if (c != '\n') continue;
      {
        const std::lock_guard lock(mutex_);
        received_ += line;
      }
      if (is_text && line != ".\r\n") {
        line.clear();
        continue;
      }
      is_text = false;
      if (line.starts_with("DATA")) {
        is_text = true;
        say(peer, "354 go on");
      } else if (line.starts_with("RCPT") && refuses_) {
        say(peer, "550 no such user here");
      } else if (line.starts_with("QUIT")) {
        return say(peer, "221 bye");
      } else {
        say(peer, "250 ok");
      }
      line.clear();
    }
  }
  static void say(int peer, std::string line) {
    line += "\r\n";
    CHECK(::send(peer, line.data(), line.size(), MSG_NOSIGNAL) > 0);
  }

  const bool refuses_;
  int socket_;
  std::string url_, received_;
  std::mutex mutex_;
  std::thread thread_;
};

class HttpReceiver {
 public:
  explicit HttpReceiver(int status = 200) {
    auto started =
        http::Server::start({}, [this, status](http::Request request, http::Responder respond) {
          {
            const std::lock_guard lock(mutex_);
            requests_.push_back(std::move(request));
          }
          respond({.status = status, .headers = {}, .body = ""});
        });
    CHECK(started.has_value());
    server_ = std::move(*started);
  }
  std::string url() const {
    return concat("http://127.0.0.1:", server_->port(), "/hook?token=t0psecret");
  }
  std::vector<http::Request> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }

 private:
  std::mutex mutex_;
  std::vector<http::Request> requests_;
  std::unique_ptr<http::Server> server_;
};

json::Value state() {
  return *json::parse(R"({"operation_id": "op-1", "cluster_name": "customer-db",
      "target_cluster": "customer-db", "target_region": "us-west-2", "status": "SUCCEEDED",
      "started": "2026-11-21T01:59:00Z", "ended": "2026-11-21T02:00:00Z",
      "snapshot_name": "aurora-snapshot-customer-db-2026-11-20",
      "endpoint": {"host": "/run/x", "address": "127.0.0.1", "port": 6432},
      "verification_status": "verified", "schema_count": 3, "table_count": 12,
      "archive_status": "archived", "password": "hunter2", "error": "none", "cause": "none"})");
}

class notify_subscribers : public ::testing::Test {
 protected:
  json::Value success() { return completion_notice(state(), "SUCCESS", stage.clock.now()); }
  std::string file() const { return stage.directory + "/notifications.jsonl"; }

  testing::Stage stage;
};

TEST_F(notify_subscribers, a_notice_has_every_field_and_nothing_else_of_the_state) {
  const json::Value notice = success();
  EXPECT_EQ(notice, *json::parse(R"({"notification_id": "op-1:SUCCESS",
      "event_type": "aurora_restore_completion", "operation_id": "op-1", "status": "SUCCESS",
      "timestamp": "2026-11-21T02:00:00.000Z", "cluster_id": "customer-db", "region": "us-west-2",
      "endpoint": "127.0.0.1", "port": 6432,
      "target_snapshot_name": "aurora-snapshot-customer-db-2026-11-20",
      "archive_status": "archived",
      "summary": {"target_cluster_id": "customer-db", "status": "SUCCESS", "success": true,
        "start_time": "2026-11-21T01:59:00.000Z", "end_time": "2026-11-21T02:00:00.000Z",
        "duration_seconds": 60, "error": null, "cause": null, "verification_status": "verified",
        "schema_count": 3, "table_count": 12}})"));
}

TEST_F(notify_subscribers, a_notice_of_a_failure_says_why_and_has_an_id_of_its_own) {
  const json::Value failed = state().with("error", "Restore.Corrupt").with("cause", "base/1/2");
  const json::Value notice = completion_notice(failed, "FAILED", stage.clock.now());
  EXPECT_EQ(notice["notification_id"], "op-1:FAILED");
  EXPECT_EQ(notice["summary"]["success"], false);
  EXPECT_EQ(notice["summary"]["error"], "Restore.Corrupt");
  EXPECT_EQ(notice["summary"]["cause"], "base/1/2");
}

TEST_F(notify_subscribers, file_http_and_mail_all_receive_it) {
  HttpReceiver hook;
  MailServer mail;
  stage.settings.notification = {.file = file(),
                                 .http_url = hook.url(),
                                 .smtp_server = mail.url(),
                                 .smtp_from = "pawl@example.com",
                                 .smtp_username = "",
                                 .smtp_to = {"dba@example.com", "boss@example.com"}};
  const Notified notified = notify(stage.settings.notification, "", success());
  EXPECT_EQ(notified.by_subscriber, *json::parse(R"({"file": "ok", "http": "ok", "smtp": "ok"})"));
  EXPECT_EQ(notified.told, 3);

  EXPECT_EQ(*json::parse(*world::read_file(file())), success());
  ASSERT_EQ(hook.requests().size(), 1u);
  const http::Request request = hook.requests()[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("Idempotency-Key"), "op-1:SUCCESS");
  EXPECT_EQ(*json::parse(request.body), success());
  EXPECT_THAT(mail.received(), HasSubstr("RCPT TO:<dba@example.com>"));
  EXPECT_THAT(mail.received(), HasSubstr("RCPT TO:<boss@example.com>"));
  EXPECT_THAT(mail.received(), HasSubstr("Subject: restore of customer-db in us-west-2: SUCCESS"));
}

TEST_F(notify_subscribers, one_that_refuses_keeps_nobody_else_from_being_told) {
  MailServer mail(true);
  HttpReceiver hook(503);
  const Notification subscribers = {.file = file(),
                                    .http_url = hook.url(),
                                    .smtp_server = mail.url(),
                                    .smtp_from = "pawl@example.com",
                                    .smtp_username = "",
                                    .smtp_to = {"nobody@example.com"}};
  const Notified notified = notify(subscribers, "hunter2", success());
  EXPECT_EQ(notified.tried, 3);
  EXPECT_EQ(notified.told, 1);
  EXPECT_EQ(notified.by_subscriber["file"], "ok");
  EXPECT_EQ(notified.by_subscriber["http"], "refused: HTTP status 503");
  EXPECT_THAT(*notified.by_subscriber.string_at("smtp"), StartsWith("refused: "));
}

TEST_F(notify_subscribers, what_cannot_be_reached_is_told_without_the_secrets_of_its_address) {
  std::string url;
  {
    HttpReceiver gone;
    url = gone.url();
  }
  const Notified notified = notify({.file = stage.directory,
                                    .http_url = url,
                                    .smtp_server = "",
                                    .smtp_from = "",
                                    .smtp_username = "",
                                    .smtp_to = {}},
                                   "", success());
  EXPECT_EQ(notified.tried, 2);
  EXPECT_EQ(notified.told, 0);
  EXPECT_THAT(*notified.by_subscriber.string_at("http"), StartsWith("failed: "));
  EXPECT_THAT(*notified.by_subscriber.string_at("http"), Not(HasSubstr("t0psecret")));
  EXPECT_THAT(*notified.by_subscriber.string_at("file"), StartsWith("failed: "));
}

TEST_F(notify_subscribers, the_file_gets_one_line_a_notice_also_after_a_torn_one) {
  const Notification subscribers = {.file = file(),
                                    .http_url = "",
                                    .smtp_server = "",
                                    .smtp_from = "",
                                    .smtp_username = "",
                                    .smtp_to = {}};
  ASSERT_TRUE(world::write_file_atomically(file(), "{\"torn", 0640).has_value());
  notify(subscribers, "", success());
  notify(subscribers, "", success());
  const std::string text = *world::read_file(file());
  const auto lines = split(text, '\n');
  ASSERT_EQ(lines.size(), 4u);  // the torn one, two, and nothing behind the last line feed
  EXPECT_EQ(*json::parse(lines[1]), success());
  EXPECT_EQ(*json::parse(lines[2]), success());
}

}  // namespace
}  // namespace pawl::restore
