#include <algorithm>

#include "asl/jsonata/regex/program.h"
#include "asl/jsonata/text/letter_case.h"
#include "asl/jsonata/text/utf8.h"

namespace pawl::asl::jsonata {
namespace {

using Op = Instruction::Kind;

constexpr size_t nowhere = static_cast<size_t>(-1);
constexpr size_t stack_max = 4'000'000;

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// Where the character before `at` begins.
size_t step_back(std::string_view text, size_t at) {
  constexpr size_t size_max = 4;
  for (size_t size = std::min(size_max, at); size > 1; --size)
    if (character_size(text, at - size) == size) return at - size;
  return at - 1;
}

bool is_line_end(std::string_view text, size_t at) {
  const char32_t c = next_character(text, at);
  return c == '\n' || c == '\r' || c == 0x2028 || c == 0x2029;
}

class Matcher {
 public:
  Matcher(const Regex::Program& program, std::string_view text, int64_t& steps, Regex::Notes& notes)
      : program_(program), text_(text), steps_(steps), slots_(notes.slots), stack_(notes.retries) {}

  bool matches_at(size_t begin) {
    slots_.assign(program_.slot_count, nowhere);
    slots_[0] = begin;
    stack_.clear();
    return run(0, begin);
  }

 private:
  using Retry = Regex::Notes::Retry;

  bool run(uint32_t pc, size_t at);
  bool step(const Instruction& instruction, uint32_t& pc, size_t& at);
  bool take_character(const Instruction& instruction, size_t& at) const;
  bool take_set(const Instruction& instruction, size_t& at) const;
  bool take_run(const Instruction& instruction, uint32_t pc, size_t& at);
  bool take_reference(const Instruction& instruction, size_t& at) const;
  bool look(const Instruction& instruction, uint32_t& pc, size_t at);
  bool retry(size_t base, uint32_t& pc, size_t& at);
  bool has(const Regex::Program::Set& set, size_t at, size_t& behind) const;
  bool is_word_edge(size_t at) const {
    const bool before = at > 0 && is_word(text_[at - 1]);
    const bool behind = at < text_.size() && is_word(text_[at]);
    return before != behind;
  }
  void set_slot(uint32_t slot, size_t value) {
    stack_.push_back({Retry::Kind::restore, slot, slots_[slot], 0});
    slots_[slot] = value;
  }

  const Regex::Program& program_;
  std::string_view text_;
  int64_t& steps_;
  std::vector<size_t>& slots_;
  std::vector<Retry>& stack_;
};

bool Matcher::run(uint32_t pc, size_t at) {
  const size_t base = stack_.size();
  while (true) {
    if (--steps_ < 0 || stack_.size() > stack_max) {
      steps_ = -1;
      return false;
    }
    const Instruction& instruction = program_.instructions[pc];
    if (instruction.kind == Op::match) {
      slots_[1] = at;
      return true;
    }
    ++pc;
    if (!step(instruction, pc, at) && !retry(base, pc, at)) return false;
  }
}

bool Matcher::step(const Instruction& instruction, uint32_t& pc, size_t& at) {
  switch (instruction.kind) {
    case Op::character:
      return take_character(instruction, at);
    case Op::set:
      return take_set(instruction, at);
    case Op::run:
      return take_run(instruction, pc, at);
    case Op::fork:
      stack_.push_back({Retry::Kind::branch, instruction.other, at, 0});
      pc = instruction.target;
      return true;
    case Op::jump:
      pc = instruction.target;
      return true;
    case Op::save:
      set_slot(instruction.target, at);
      return true;
    case Op::forget:
      for (uint32_t slot = instruction.target; slot < instruction.other; ++slot)
        if (slots_[slot] != nowhere) set_slot(slot, nowhere);
      return true;
    case Op::progress:
      return slots_[instruction.target] != at;
    case Op::look:
      return look(instruction, pc, at);
    case Op::back_reference:
      return take_reference(instruction, at);
    case Op::line_begin:
      return at == 0 || (program_.flags.is_multiline && is_line_end(text_, step_back(text_, at)));
    case Op::line_end:
      return at == text_.size() || (program_.flags.is_multiline && is_line_end(text_, at));
    case Op::word_edge:
      return is_word_edge(at) != instruction.is_negated;
    case Op::match:
      break;
  }
  return false;
}

bool Matcher::take_character(const Instruction& instruction, size_t& at) const {
  if (at == (instruction.is_backward ? 0 : text_.size())) return false;
  size_t begin = instruction.is_backward ? step_back(text_, at) : at;
  const size_t before = begin;
  const auto byte = static_cast<unsigned char>(text_[begin]);
  if (byte < 0x80 && !instruction.is_backward && byte == instruction.character) return ++at, true;
  const char32_t c = next_character(text_, begin);
  const bool fits = c == instruction.character ||
                    (program_.flags.ignores_case && simple_upper(c) == instruction.character);
  if (fits) at = instruction.is_backward ? before : begin;
  return fits;
}

bool Matcher::has(const Regex::Program::Set& set, size_t at, size_t& behind) const {
  const auto byte = static_cast<unsigned char>(text_[at]);
  if (byte < 0x80) {
    behind = at + 1;
    return set.ascii[byte];
  }
  behind = at;
  const char32_t c = next_character(text_, behind);
  return c < 128 ? set.ascii[c] : set_has(program_.flags, set.set, c);
}

bool Matcher::take_set(const Instruction& instruction, size_t& at) const {
  if (at == (instruction.is_backward ? 0 : text_.size())) return false;
  const size_t begin = instruction.is_backward ? step_back(text_, at) : at;
  size_t behind = 0;
  if (!has(program_.sets[instruction.target], begin, behind)) return false;
  at = instruction.is_backward ? begin : behind;
  return true;
}

bool Matcher::take_run(const Instruction& instruction, uint32_t pc, size_t& at) {
  const auto& set = program_.sets[instruction.target];
  uint32_t count = 0;
  size_t least = at, behind = 0;
  const size_t begin = at;
  while (at < text_.size() && has(set, at, behind)) {
    at = behind;
    if (++count == instruction.other) least = at;
  }
  if (instruction.other == 0) least = begin;
  steps_ -= count / 8;
  if (count < instruction.other) return false;
  if (at > least) stack_.push_back({Retry::Kind::shorten, pc, at, least});
  return true;
}

bool Matcher::take_reference(const Instruction& instruction, size_t& at) const {
  const size_t begin = slots_[2 * instruction.target], end = slots_[2 * instruction.target + 1];
  if (begin == nowhere || end == nowhere) return true;
  const auto wanted = text_.substr(begin, end - begin);
  if (instruction.is_backward && at < wanted.size()) return false;
  const size_t from = instruction.is_backward ? at - wanted.size() : at;
  const auto there = text_.substr(from, wanted.size());
  const bool fits =
      there == wanted || (program_.flags.ignores_case && to_upper(there) == to_upper(wanted));
  if (fits) at = instruction.is_backward ? from : from + wanted.size();
  return fits;
}

// What a look finds stays found: there is no way back into it.
bool Matcher::look(const Instruction& instruction, uint32_t& pc, size_t at) {
  const auto before = slots_;
  const size_t base = stack_.size();
  const bool fits = run(pc, at);
  const auto after = slots_;
  stack_.resize(base);
  slots_ = before;
  if (fits == instruction.is_negated) return false;
  if (fits)
    for (uint32_t slot = 2; slot < slots_.size(); ++slot)
      if (after[slot] != slots_[slot]) set_slot(slot, after[slot]);
  pc = instruction.target;
  return true;
}

bool Matcher::retry(size_t base, uint32_t& pc, size_t& at) {
  while (stack_.size() > base) {
    Retry& last = stack_.back();
    pc = last.target;
    switch (last.kind) {
      case Retry::Kind::restore:
        slots_[last.target] = last.at;
        stack_.pop_back();
        break;
      case Retry::Kind::branch:
        at = last.at;
        stack_.pop_back();
        return true;
      case Retry::Kind::shorten:
        at = last.at = step_back(text_, last.at);
        if (at <= last.least) stack_.pop_back();
        return true;
    }
  }
  return false;
}

}  // namespace

std::optional<std::string_view> Regex::Match::group(size_t number, std::string_view text) const {
  const size_t first = places_[2 * number], last = places_[2 * number + 1];
  if (first == nowhere || last == nowhere) return std::nullopt;
  return text.substr(first, last - first);
}

std::optional<Regex::Match> Regex::find(std::string_view text, size_t from, int64_t& steps,
                                        Notes& notes) const {
  Matcher matcher(*program_, text, steps, notes);
  const auto may_begin = [&](size_t at) {
    return program_->first_bytes[static_cast<unsigned char>(text[at])];
  };
  for (size_t begin = from; begin <= text.size(); ++begin) {
    if (program_->begins_the_text && begin > 0) break;
    if (!program_->may_be_empty) {
      while (begin < text.size() && !may_begin(begin)) ++begin;
      if (begin == text.size()) break;
    }
    if (matcher.matches_at(begin))
      return Match(std::span(notes.slots).first(2 * (program_->group_count + size_t{1})));
    if (steps < 0) return std::nullopt;
    if (begin < text.size()) begin += character_size(text, begin) - 1;
  }
  return std::nullopt;
}

}  // namespace pawl::asl::jsonata
