#include "executors/local/messages.h"

#include <cstring>

namespace pawl::executors {
namespace {

constexpr int64_t no_index = -1;

// Writes one message; its length is known at the end.
class Writing {
 public:
  Writing(std::string& out, MessageKind kind) : out_(out), begin_(out.size()) {
    out_.append(sizeof(uint32_t), '\0');
    out_.push_back(static_cast<char>(kind));
  }
  Writing(const Writing&) = delete;
  ~Writing() {
    const uint32_t length = out_.size() - begin_ - sizeof(uint32_t);
    std::memcpy(out_.data() + begin_, &length, sizeof length);
  }

  void number(int64_t number) { raw(&number, sizeof number); }
  void real(double number) { raw(&number, sizeof number); }
  void text(std::string_view text) {
    const uint32_t length = text.size();
    raw(&length, sizeof length);
    out_ += text;
  }
  void texts(const std::vector<std::string>& texts) {
    number(texts.size());
    for (const std::string& each : texts) text(each);
  }
  void attempt(const Attempt& attempt) {
    text(attempt.job_id);
    number(attempt.index.value_or(no_index));
    number(attempt.number);
  }

 private:
  void raw(const void* bytes, size_t count) { out_.append(static_cast<const char*>(bytes), count); }

  std::string& out_;
  const size_t begin_;
};

// Reads a body to its end. What is missing reads as zero or empty, and the whole as unsound.
class Reading {
 public:
  explicit Reading(std::string_view body) : rest_(body) {}

  bool is_whole() const { return is_sound_ && rest_.empty(); }
  bool is_sound() const { return is_sound_; }

  int64_t number() { return raw<int64_t>(); }
  double real() { return raw<double>(); }
  std::string text() {
    const uint32_t length = raw<uint32_t>();
    if (length > rest_.size()) return fail(), std::string();
    std::string text(rest_.substr(0, length));
    rest_.remove_prefix(length);
    return text;
  }
  std::vector<std::string> texts() {
    std::vector<std::string> texts;
    for (int64_t count = number(); count > 0 && is_sound_; --count) texts.push_back(text());
    return texts;
  }
  Attempt attempt() {
    Attempt attempt;
    attempt.job_id = text();
    const int64_t index = number();
    if (index != no_index) attempt.index = static_cast<int32_t>(index);
    attempt.number = static_cast<int32_t>(number());
    return attempt;
  }

 private:
  template <typename T>
  T raw() {
    T value{};
    if (rest_.size() < sizeof value) return fail(), value;
    std::memcpy(&value, rest_.data(), sizeof value);
    rest_.remove_prefix(sizeof value);
    return value;
  }
  void fail() {
    is_sound_ = false;
    rest_ = {};
  }

  std::string_view rest_;
  bool is_sound_ = true;
};

constexpr int64_t out_of_memory_flag = 1, host_lost_flag = 2;

int64_t instant_number(Instant at) { return at.time_since_epoch().count(); }

}  // namespace

void append_hello(std::string& out) { Writing(out, MessageKind::hello).number(protocol_version); }

std::optional<int64_t> read_hello(std::string_view body) {
  // A later version may say more than this.
  Reading reading(body);
  const int64_t version = reading.number();
  if (!reading.is_sound()) return std::nullopt;
  return version;
}

void append_attempts(std::string& out, MessageKind kind, const std::vector<Attempt>& attempts) {
  Writing writing(out, kind);
  writing.number(attempts.size());
  for (const Attempt& attempt : attempts) writing.attempt(attempt);
}

std::optional<std::vector<Attempt>> read_attempts(std::string_view body) {
  Reading reading(body);
  std::vector<Attempt> attempts;
  for (int64_t count = reading.number(); count > 0 && reading.is_sound(); --count)
    attempts.push_back(reading.attempt());
  if (!reading.is_whole()) return std::nullopt;
  return attempts;
}

void append_batch(std::string& out, const Batch& batch) {
  Writing writing(out, MessageKind::start);
  const Work& work = batch.work;
  for (const std::string* text : {&work.job_id, &work.job_name, &work.queue, &work.directory,
                                  &work.log_directory, &batch.pool.name})
    writing.text(*text);
  writing.texts(work.command);
  writing.texts(work.environment);
  writing.real(work.vcpus);
  writing.number(work.memory_mib);
  writing.real(batch.pool.vcpus);
  writing.number(batch.pool.memory_mib);
  writing.number(batch.number);
  writing.number(batch.is_array);
  writing.number(batch.indexes.size());
  for (const int32_t index : batch.indexes) writing.number(index);
}

std::optional<Batch> read_batch(std::string_view body) {
  Reading reading(body);
  Batch batch;
  Work& work = batch.work;
  for (std::string* text : {&work.job_id, &work.job_name, &work.queue, &work.directory,
                            &work.log_directory, &batch.pool.name})
    *text = reading.text();
  work.command = reading.texts();
  work.environment = reading.texts();
  work.vcpus = reading.real();
  work.memory_mib = reading.number();
  batch.pool.vcpus = reading.real();
  batch.pool.memory_mib = reading.number();
  batch.number = static_cast<int32_t>(reading.number());
  batch.is_array = reading.number() != 0;
  for (int64_t count = reading.number(); count > 0 && reading.is_sound(); --count)
    batch.indexes.push_back(static_cast<int32_t>(reading.number()));
  if (!reading.is_whole()) return std::nullopt;
  return batch;
}

void append_report(std::string& out, const Report& report) {
  Writing writing(out, report.kind);
  writing.attempt(report.attempt);
  writing.number(instant_number(report.at));
  writing.number(report.ending.status);
  writing.number((report.ending.is_out_of_memory ? out_of_memory_flag : 0) |
                 (report.ending.is_host_lost ? host_lost_flag : 0));
  writing.text(report.ending.reason);
  writing.text(report.text);
}

std::optional<Report> read_report(const Message& message) {
  Reading reading(message.body);
  Report report{.kind = message.kind, .attempt = reading.attempt()};
  report.at = Instant(Duration(reading.number()));
  report.ending.status = static_cast<int>(reading.number());
  const int64_t flags = reading.number();
  report.ending.is_out_of_memory = flags & out_of_memory_flag;
  report.ending.is_host_lost = flags & host_lost_flag;
  report.ending.reason = reading.text();
  report.text = reading.text();
  if (!reading.is_whole()) return std::nullopt;
  return report;
}

}  // namespace pawl::executors
