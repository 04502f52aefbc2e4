#include "http/mail_text.h"

#include <algorithm>
#include <ctime>

#include "base/hash.h"
#include "base/text.h"

namespace pawl::http {
namespace {

constexpr size_t line_bytes_max = 76;

bool is_printable(char character) { return character >= ' ' && character <= '~'; }

bool is_plain_line(std::string_view line) {
  return line.size() <= line_bytes_max * 10 &&
         std::all_of(line.begin(), line.end(), [](char c) { return is_printable(c) || c == '\t'; });
}

// Bytes of the longest beginning, at most `bytes_max`, that tears no UTF-8 character.
size_t whole_characters(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text.size();
  size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  return end == 0 ? bytes_max : end;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines = split(text, '\n');
  for (std::string_view& line : lines)
    if (line.ends_with('\r')) line.remove_suffix(1);
  if (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string encode_body(std::string_view body) {
  const std::string encoded = base64(body);
  std::string out;
  for (size_t at = 0; at < encoded.size(); at += line_bytes_max)
    out += encoded.substr(at, line_bytes_max) + "\r\n";
  return out;
}

// "Sat, 21 Nov 2026 02:18:04 +0000"; strftime would speak the machine's language.
std::string format_date_time(Instant instant) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t time = std::chrono::system_clock::to_time_t(instant);
  std::tm utc{};
  ::gmtime_r(&time, &utc);
  char text[64];
  std::snprintf(text, sizeof text, "%s, %02d %s %d %02d:%02d:%02d +0000", days[utc.tm_wday],
                utc.tm_mday, months[utc.tm_mon], utc.tm_year + 1900, utc.tm_hour, utc.tm_min,
                utc.tm_sec);
  return text;
}

}  // namespace

Result<void> check_address(std::string_view address) {
  const size_t at = address.find('@');
  const bool is_clean = std::all_of(address.begin(), address.end(), [](unsigned char c) {
    return c > ' ' && c != 0x7f && c != '<' && c != '>' && c != ',' && c != ';' && c != '"';
  });
  if (is_clean && at != 0 && at != std::string_view::npos && at + 1 < address.size() &&
      address.size() <= 254)
    return {};
  return Error(ErrorCode::invalid_argument, concat(encode_header(address), " is no mail address"));
}

std::string encode_header(std::string_view text) {
  if (text.size() <= line_bytes_max * 10 && text.find("=?") == std::string_view::npos &&
      std::all_of(text.begin(), text.end(), is_printable))
    return std::string(text);
  // 42 bytes are 56 in base64, with 12 around them 68: lines stay below 76 with the name before.
  std::vector<std::string> words;
  while (!text.empty()) {
    const size_t bytes = whole_characters(text, 42);
    words.push_back(concat("=?UTF-8?B?", base64(text.substr(0, bytes)), "?="));
    text.remove_prefix(bytes);
  }
  return join(words, "\r\n ");
}

std::string compose(const Mail& mail, Instant now, std::string_view message_id) {
  const auto lines = lines_of(mail.body);
  const bool is_plain = std::all_of(lines.begin(), lines.end(), is_plain_line);
  std::string text = concat(
      "Date: ", format_date_time(now), "\r\nFrom: ", mail.from, "\r\nTo: ", join(mail.to, ",\r\n "),
      "\r\nSubject: ", encode_header(mail.subject), "\r\nMessage-ID: <", message_id,
      ">\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n",
      "Content-Transfer-Encoding: ", is_plain ? "7bit" : "base64", "\r\n\r\n");
  if (!is_plain) return text + encode_body(mail.body);
  for (const std::string_view line : lines) text += concat(line, "\r\n");
  return text;
}

}  // namespace pawl::http
