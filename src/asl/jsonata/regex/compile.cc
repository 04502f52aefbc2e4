#include <algorithm>

#include "asl/jsonata/regex/program.h"
#include "asl/jsonata/text/letter_case.h"

namespace pawl::asl::jsonata {
namespace {

using Kind = RegexNode::Kind;
using Op = Instruction::Kind;

constexpr size_t instructions_max = 20'000;

class RegexCompiler {
 public:
  explicit RegexCompiler(Regex::Program& program) : program_(program) {}

  Result<bool, std::string> compile(const RegexTree& tree) {
    program_.group_count = tree.group_count;
    program_.slot_count = 2 * (tree.group_count + 1);
    emit(tree.root, false);
    add({Op::match});
    if (is_too_large_) return std::string("the pattern is too large");
    std::vector<bool> seen(program_.instructions.size());
    note_beginnings(0, seen);
    note_text_begin();
    return true;
  }

 private:
  uint32_t here() const { return static_cast<uint32_t>(program_.instructions.size()); }
  uint32_t add(Instruction instruction) {
    if (program_.instructions.size() >= instructions_max) {
      is_too_large_ = true;
      return 0;
    }
    program_.instructions.push_back(instruction);
    return here() - 1;
  }
  Instruction& at(uint32_t place) { return program_.instructions[place]; }

  void emit(const RegexNode& node, bool is_backward);
  void emit_sequence(const RegexNode& node, bool is_backward);
  void emit_choice(const RegexNode& node, bool is_backward);
  void emit_group(const RegexNode& node, bool is_backward);
  void emit_look(const RegexNode& node);
  void emit_repeat(const RegexNode& node, bool is_backward);
  void emit_loop(const RegexNode& node, bool is_backward);
  void emit_run(const RegexNode& node, uint32_t least);
  uint32_t add_set(const CharacterSet& set);
  void emit_once(const RegexNode& node, bool is_backward);
  void note_beginnings(uint32_t place, std::vector<bool>& seen);
  void note_beginning(char32_t character);
  void note_text_begin();

  Regex::Program& program_;
  bool is_too_large_ = false;
};

uint32_t RegexCompiler::add_set(const CharacterSet& set) {
  Regex::Program::Set compiled{set, {}};
  for (char32_t c = 0; c < 128; ++c) compiled.ascii[c] = set_has(program_.flags, set, c);
  program_.sets.push_back(std::move(compiled));
  return static_cast<uint32_t>(program_.sets.size() - 1);
}

void RegexCompiler::emit(const RegexNode& node, bool is_backward) {
  if (is_too_large_) return;
  Instruction instruction;
  instruction.is_backward = is_backward;
  instruction.is_negated = node.is_negated;
  switch (node.kind) {
    case Kind::empty:
      return;
    case Kind::character:
      instruction.kind = Op::character;
      instruction.character =
          program_.flags.ignores_case ? simple_upper(node.character) : node.character;
      break;
    case Kind::set:
      instruction.kind = Op::set;
      instruction.target = add_set(node.set);
      break;
    case Kind::back_reference:
      instruction.kind = Op::back_reference;
      instruction.target = node.number;
      break;
    case Kind::line_begin:
      instruction.kind = Op::line_begin;
      break;
    case Kind::line_end:
      instruction.kind = Op::line_end;
      break;
    case Kind::word_edge:
      instruction.kind = Op::word_edge;
      break;
    case Kind::sequence:
      return emit_sequence(node, is_backward);
    case Kind::choice:
      return emit_choice(node, is_backward);
    case Kind::group:
      return emit_group(node, is_backward);
    case Kind::look_ahead:
    case Kind::look_behind:
      return emit_look(node);
    case Kind::repeat:
      return emit_repeat(node, is_backward);
  }
  add(instruction);
}

void RegexCompiler::emit_sequence(const RegexNode& node, bool is_backward) {
  const size_t count = node.parts.size();
  for (size_t index = 0; index < count; ++index)
    emit(node.parts[is_backward ? count - 1 - index : index], is_backward);
}

void RegexCompiler::emit_choice(const RegexNode& node, bool is_backward) {
  std::vector<uint32_t> exits;
  for (size_t index = 0; index < node.parts.size(); ++index) {
    const bool is_last = index + 1 == node.parts.size();
    const uint32_t fork = is_last ? 0 : add({Op::fork});
    if (!is_last && !is_too_large_) at(fork).target = here();
    emit(node.parts[index], is_backward);
    if (is_last || is_too_large_) continue;
    exits.push_back(add({Op::jump}));
    at(fork).other = here();
  }
  if (is_too_large_) return;
  for (const uint32_t exit : exits) at(exit).target = here();
}

void RegexCompiler::emit_group(const RegexNode& node, bool is_backward) {
  const uint32_t begin = 2 * node.number, end = begin + 1;
  add({Op::save, false, false, 0, is_backward ? end : begin, 0});
  for (const RegexNode& part : node.parts) emit(part, is_backward);
  add({Op::save, false, false, 0, is_backward ? begin : end, 0});
}

void RegexCompiler::emit_look(const RegexNode& node) {
  const uint32_t look = add({Op::look, false, node.is_negated, 0, 0, 0});
  for (const RegexNode& part : node.parts) emit(part, node.kind == Kind::look_behind);
  add({Op::match});
  if (!is_too_large_) at(look).target = here();
}

// A loop over one character at a time needs no fork for each of them.
void RegexCompiler::emit_run(const RegexNode& node, uint32_t least) {
  CharacterSet set = node.parts[0].set;
  if (node.parts[0].kind == Kind::character)
    set.add(node.parts[0].character, node.parts[0].character);
  add({Op::run, false, false, 0, add_set(set), least});
}

void RegexCompiler::emit_once(const RegexNode& node, bool is_backward) {
  if (node.last_number > node.number)
    add({Op::forget, false, false, 0, 2 * node.number, 2 * node.last_number});
  emit(node.parts[0], is_backward);
}

void RegexCompiler::emit_repeat(const RegexNode& node, bool is_backward) {
  const Kind part = node.parts[0].kind;
  const bool is_single = part == Kind::character || part == Kind::set;
  if (is_single && node.most == without_end && !node.is_lazy && !is_backward)
    return emit_run(node, node.least);
  for (uint32_t count = 0; count < node.least && !is_too_large_; ++count)
    emit_once(node, is_backward);
  if (node.most == without_end) return emit_loop(node, is_backward);
  std::vector<uint32_t> forks;
  for (uint32_t count = node.least; count < node.most && !is_too_large_; ++count) {
    forks.push_back(add({Op::fork}));
    const uint32_t slot = program_.slot_count++;
    add({Op::save, false, false, 0, slot, 0});
    emit_once(node, is_backward);
    add({Op::progress, false, false, 0, slot, 0});
  }
  if (is_too_large_) return;
  for (const uint32_t fork : forks) {
    at(fork).target = node.is_lazy ? here() : fork + 1;
    at(fork).other = node.is_lazy ? fork + 1 : here();
  }
}

void RegexCompiler::emit_loop(const RegexNode& node, bool is_backward) {
  const uint32_t slot = program_.slot_count++;
  const uint32_t fork = add({Op::fork});
  add({Op::save, false, false, 0, slot, 0});
  emit_once(node, is_backward);
  add({Op::progress, false, false, 0, slot, 0});
  add({Op::jump, false, false, 0, fork, 0});
  if (is_too_large_) return;
  at(fork).target = node.is_lazy ? here() : fork + 1;
  at(fork).other = node.is_lazy ? fork + 1 : here();
}

// With what the matches begin that go through the instruction at that place.
void RegexCompiler::note_beginnings(uint32_t place, std::vector<bool>& seen) {
  for (; !seen[place]; ++place) {
    seen[place] = true;
    const Instruction& instruction = program_.instructions[place];
    switch (instruction.kind) {
      case Op::character:
        return note_beginning(instruction.character);
      case Op::set:
      case Op::run: {
        const auto& ascii = program_.sets[instruction.target].ascii;
        for (char32_t c = 0; c < ascii.size(); ++c)
          if (ascii[c]) program_.first_bytes.set(c);
        note_beginning(0x80);
        if (instruction.kind == Op::run && instruction.other == 0) break;
        return;
      }
      case Op::fork:
        note_beginnings(instruction.target, seen);
        note_beginnings(instruction.other, seen);
        return;
      case Op::jump:
        return note_beginnings(instruction.target, seen);
      case Op::match:
      case Op::look:
      case Op::back_reference:
        program_.may_be_empty = true;
        return;
      default:
        break;  // takes no character
    }
  }
}

// All beyond ASCII goes together, and may be the other case of a letter that is not.
void RegexCompiler::note_beginning(char32_t character) {
  constexpr char32_t ascii_end = 0x80;
  if (character < ascii_end) program_.first_bytes.set(character);
  if (character < ascii_end && !program_.flags.ignores_case) return;
  for (const char32_t other : {simple_upper(character), simple_lower(character)})
    if (other < ascii_end) program_.first_bytes.set(other);
  for (size_t byte = ascii_end; byte < program_.first_bytes.size(); ++byte)
    program_.first_bytes.set(byte);
}

void RegexCompiler::note_text_begin() {
  size_t place = 0;
  while (program_.instructions[place].kind == Op::save) ++place;
  program_.begins_the_text =
      program_.instructions[place].kind == Op::line_begin && !program_.flags.is_multiline;
}

}  // namespace

bool set_has(const Regex::Flags& flags, const CharacterSet& set, char32_t character) {
  if (!flags.ignores_case) return set.has(character);
  CharacterSet plain = set;
  plain.is_negated = false;
  const bool is_in = plain.has(character) || plain.has(simple_upper(character)) ||
                     plain.has(simple_lower(character));
  return is_in != set.is_negated;
}

Result<Regex, std::string> Regex::compile(std::string_view pattern, Flags flags) {
  const RegexTree tree = TRY(parse_regex(pattern));
  auto program = std::make_unique<Program>();
  program->flags = flags;
  TRY(RegexCompiler(*program).compile(tree));
  return Regex(std::string(pattern), std::move(program));
}

Regex::Regex(std::string pattern, std::unique_ptr<const Program> program)
    : pattern_(std::move(pattern)), program_(std::move(program)) {}
Regex::Regex(Regex&&) noexcept = default;
Regex& Regex::operator=(Regex&&) noexcept = default;
Regex::~Regex() = default;

}  // namespace pawl::asl::jsonata
