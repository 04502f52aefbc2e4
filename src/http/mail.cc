#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "http/client.h"
#include "http/curl.h"
#include "http/mail_text.h"
#include "world/os_clock.h"

namespace pawl::http {
namespace {

size_t on_read(char* out, size_t, size_t room, void* source) {
  std::string_view& rest = *static_cast<std::string_view*>(source);
  const size_t count = std::min(room, rest.size());
  std::memcpy(out, rest.data(), count);
  rest.remove_prefix(count);
  return count;
}

std::string message_text(const Mail& mail) {
  world::OsClock clock;
  world::OsRandom random;
  const std::string domain = mail.from.substr(mail.from.rfind('@') + 1);
  return compose(mail, clock.now(), concat(world::make_uuid(random), "@", domain));
}

// curl gives a refusal as a failed send or receive; the server's last answer tells them apart.
Error error_of(const Transfer& transfer, CURLcode code, const Mail& mail) {
  const Error error = transfer.error(code, mail.server);
  if (transfer.response_code() >= 500)
    return Error(ErrorCode::permission_denied, error.message(),
                 "The mail server refused; look at the addresses and the account.");
  if (transfer.response_code() >= 400) return Error(ErrorCode::unavailable, error.message());
  return error;
}

}  // namespace

Result<void> send(const Mail& mail) {
  TRY(check_address(mail.from));
  if (mail.to.empty()) return Error(ErrorCode::invalid_argument, "the mail has no recipient");
  CurlList recipients;
  for (const std::string& address : mail.to) {
    TRY(check_address(address));
    recipients.add(concat("<", address, ">"));
  }
  const std::string sender = concat("<", mail.from, ">");
  const std::string text = message_text(mail);
  std::string_view rest = text;

  Transfer transfer;
  transfer.prepare(mail.server, "smtp,smtps", mail.limit);
  transfer.set(CURLOPT_MAIL_FROM, sender.c_str());
  transfer.set(CURLOPT_MAIL_RCPT, recipients.head);
  transfer.set(CURLOPT_UPLOAD, 1L);
  transfer.set(CURLOPT_READFUNCTION, &on_read);
  transfer.set(CURLOPT_READDATA, &rest);
  transfer.set(CURLOPT_USE_SSL,
               static_cast<long>(mail.requires_tls ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  if (!mail.username.empty()) {
    transfer.set(CURLOPT_USERNAME, mail.username.c_str());
    transfer.set(CURLOPT_PASSWORD, mail.password.c_str());
  } else if (!mail.requires_tls && !mail.server.starts_with("smtps:")) {
    // Nothing to protect but the text: a local server's own certificate is better than none.
    transfer.set(CURLOPT_SSL_VERIFYPEER, 0L);
    transfer.set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
  const CURLcode code = transfer.perform();
  if (code != CURLE_OK) return error_of(transfer, code, mail);
  return {};
}

}  // namespace pawl::http
