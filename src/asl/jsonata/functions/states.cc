#include <array>
#include <cmath>

#include "asl/jsonata/evaluate/operators.h"
#include "asl/jsonata/functions/call.h"
#include "asl/jsonata/functions/families.h"
#include "base/hash.h"
#include "base/text.h"
#include "json/parse.h"

// What Step Functions adds to the language.

namespace pawl::asl::jsonata {
namespace {

Failed raise(const Call& call, std::string_view message) {
  return call.fail(Fault("D3137").with_text("message", message));
}

Answer partition(Call& call) {
  if (!call.has(0)) return Item();
  const double wanted = call.has(1) ? std::trunc(call[1].number()) : 0;
  if (!(wanted >= 1))
    return raise(call, "The second argument of partition must be a positive number");
  const size_t total = call[0].size();
  const auto size = static_cast<size_t>(std::min(wanted, static_cast<double>(total)));
  auto chunks = make_list(call.heap());
  for (size_t at = 0; at < total; at += size) {
    auto chunk = make_list(call.heap());
    for (size_t index = at; index < std::min(at + size, total); ++index)
      chunk->push(call[0].at(index));
    chunks->push(std::move(chunk));
  }
  return chunks;
}

// From the first number to the last one, both included. As of any sequence, a single number stands
// for itself.
Answer range(Call& call) {
  if (!call.has(0) || !call.has(1) || !call.has(2)) return Item();
  constexpr double size_max = 1e7;
  const double first = call[0].number(), last = call[1].number(), step = call[2].number();
  if (step == 0) return raise(call, "The third argument of range must not be zero");
  const double size = std::floor((last - first) / step) + 1;
  if (!(size <= size_max)) return raise(call, "The range has too many elements");
  auto numbers = make_sequence(call.heap());
  for (double index = 0; index < size; ++index) numbers->push(first + index * step);
  return numbers;
}

Answer hash(Call& call) {
  if (!call.has(0)) return Item();
  constexpr std::array<std::string_view, 5> algorithms{"MD5", "SHA-1", "SHA-256", "SHA-384",
                                                       "SHA-512"};
  const std::string_view algorithm = call.has(1) ? call[1].text() : "";
  if (std::find(algorithms.begin(), algorithms.end(), algorithm) == algorithms.end())
    return raise(call, concat("The algorithm of hash must be MD5, SHA-1, SHA-256, SHA-384 or "
                              "SHA-512; given ",
                              algorithm));
  auto bytes = to_text(call[0]);
  if (!bytes) return call.fail(std::move(bytes).error());
  return call.text(digest(algorithm, *bytes));
}

// With a seed the same number every time.
Answer random(Call& call) {
  uint64_t bits = 0;
  if (call.has(0)) {
    const double seed = call[0].number();
    bits = 0x9E3779B97F4A7C15;
    for (const char c : std::to_string(seed))
      bits = (bits ^ static_cast<uint8_t>(c)) * 0x100000001B3;
    bits = (bits ^ (bits >> 31)) * 0x94D049BB133111EB;
  } else {
    bits = call.run.random();
  }
  return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

Answer uuid(Call& call) {
  constexpr uint64_t version_mask = 0xFFFFFFFFFFFF0FFF, version = 0x4000;
  constexpr uint64_t variant_mask = 0x3FFFFFFFFFFFFFFF, variant = 0x8000000000000000;
  const uint64_t halves[] = {(call.run.random() & version_mask) | version,
                             (call.run.random() & variant_mask) | variant};
  std::string text;
  for (const uint64_t half : halves)
    for (int shift = 60; shift >= 0; shift -= 4) text += "0123456789abcdef"[(half >> shift) & 15];
  for (const size_t place : {20, 16, 12, 8}) text.insert(place, "-");
  return call.text(text);
}

Answer parse(Call& call) {
  if (!call.has(0)) return Item();
  auto value = json::parse(call[0].text());
  if (!value) return raise(call, "The argument of parse is not valid JSON");
  TRY(call.run.may_take(call[0].text().size()));
  return call.run.keep(*std::move(value));
}

}  // namespace

std::span<const FunctionRow> states_functions() {
  static constexpr FunctionRow rows[] = {
      {"partition", "<an:a>", 2, partition},
      {"range", "<nnn:a>", 3, range},
      {"hash", "<x-s:s>", 2, hash},
      {"random", "<n?:n>", 1, random},
      {"uuid", "<:s>", 0, uuid},
      {"parse", "<s-:x>", 1, parse},
  };
  return rows;
}

}  // namespace pawl::asl::jsonata
