#include "execution/record/record.h"

#include "base/hash.h"

namespace pawl::execution {

namespace {

constexpr uint8_t version = 1;
constexpr size_t checksum_size = 4;

std::string checksum(std::string_view body) {
  const uint32_t crc = crc32c(body);
  std::string bytes;
  for (int shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<char>(crc >> shift));
  return bytes;
}

Error corrupt(std::string message) { return Error(ErrorCode::corrupt, std::move(message)); }

json::Value base_of(const Live& live, const Event& event) {
  const Frame* frame = live.find(event.frame);
  return frame == nullptr ? json::Value() : frame->input;
}

}  // namespace

RecordWriter::RecordWriter(const Live& live, Instant now) : live_(live) {
  out_.byte(version);
  out_.integer((now - live.identity.started).count());
}

void RecordWriter::add(const Event& event) {
  is_empty_ = false;
  const Fields has = fields(event.type);
  out_.byte(static_cast<uint8_t>(event.type));
  out_.number(event.frame);
  if (has.number) out_.integer(event.number);
  if (has.second) out_.integer(event.second);
  known_.reach(live_, event);
  if (has.value) write_value(out_, known_, event.value, base_of(live_, event));
  if (has.failure) {
    write_value(out_, known_, event.error, {});
    write_value(out_, known_, event.cause, {});
  }
}

Record RecordWriter::finish() && {
  if (is_empty_) return {};
  out_.bytes() += checksum(out_.bytes());
  return {std::move(out_.bytes()), std::move(out_.large())};
}

RecordReader::RecordReader(const Live& live, std::string_view body) : live_(&live), in_(body) {}

Result<RecordReader> RecordReader::open(const Live& live, std::string_view record) {
  if (record.size() < checksum_size) return corrupt("record: too short");
  const auto body = record.substr(0, record.size() - checksum_size);
  if (checksum(body) != record.substr(body.size())) return corrupt("record: checksum is wrong");
  RecordReader reader(live, body);
  if (reader.in_.byte() != version) return corrupt("record: version is unknown");
  constexpr int64_t time_max = int64_t{1} << 55;  // a thousand years
  const int64_t time = reader.in_.integer();
  if (reader.in_.is_broken() || time > time_max || time < -time_max)
    return corrupt("record: time is unreadable");
  reader.now_ = live.identity.started + Duration(time);
  return reader;
}

Result<std::optional<Event>> RecordReader::next() {
  if (in_.is_at_end()) return std::optional<Event>();
  Event event;
  const uint8_t type = in_.byte();
  if (type >= event_types) return corrupt("record: event is of an unknown type");
  event.type = static_cast<EventType>(type);
  event.frame = in_.number();
  const Fields has = fields(event.type);
  if (has.number) event.number = in_.integer();
  if (has.second) event.second = in_.integer();
  known_.reach(*live_, event);
  if (has.value) event.value = read_value(in_, known_, base_of(*live_, event));
  if (has.failure) {
    const auto error = read_value(in_, known_, {}), cause = read_value(in_, known_, {});
    if (!error.is_string() || !cause.is_string()) return corrupt("record: failure has no text");
    event.error = error.string();
    event.cause = cause.string();
  }
  if (in_.is_broken()) return corrupt("record: event is torn");
  return std::optional<Event>(std::move(event));
}

}  // namespace pawl::execution
